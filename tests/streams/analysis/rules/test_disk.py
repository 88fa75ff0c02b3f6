import pytest

from tests.streams.analysis.corpora import as_execution, corpus, recorded
from tests.streams.analysis.judging import analyze, judge, kinds

_HEADER = "Filesystem      Size  Used Avail Use% Mounted on\n"


@pytest.mark.parametrize(
    ("percent", "severity"), [(84, None), (85, "warning"), (94, "warning"), (95, "critical"), (100, "critical")]
)
def test_usage_on_both_sides_of_its_thresholds(percent: int, severity: str | None) -> None:
    analysis = analyze(f"{_HEADER}/dev/sda1        40G   36G  4.0G  {percent}% /var\n", "df -h")
    assert kinds(analysis) == ([("disk.usage", severity, "/var")] if severity else [])
    assert analysis.facts["use_percent"] == str(percent)
    assert analysis.verdict == (severity or "ok")


@pytest.mark.parametrize(
    ("os_type", "line"),
    [
        ("linux", "/dev/loop3       64M   64M     0 100% /snap/core20/1828"),
        ("linux", "/dev/sr0        1.2G  1.2G     0 100% /media/cdrom"),
        ("linux", "udev            1.0K  1.0K     0 100% /dev"),
        ("junos", "/dev/md0        116M  116M    0B 100% /packages/mnt/jbase"),
        ("junos-qfx", "devfs           1.0K  1.0K    0B 100% /dev"),
        ("junos", "/dev/md1.uzip    22M   22M    0B 100% /packages/mnt/junos-libs"),
        ("linux", "snapfuse        128M  128M     0 100% /snap/core/1"),
        ("linux", "/dev/root       2.5M  2.5M     0 100% /rom"),
        ("osx-10.14.6", "/dev/disk3s6   494G   20k  375G   1%   0 3660412200  0%  /System/Volumes/VM"),
        ("osx-10.14.6", "map auto_home    0B    0B    0B 100% /home"),
    ],
)
def test_images_and_pseudo_file_systems_do_not_count(os_type: str, line: str) -> None:
    analysis = analyze(f"{_HEADER}/dev/sda1        40G   10G   30G  25% /\n{line}\n", "df -h", os_type)
    assert (analysis.verdict, kinds(analysis)) == ("ok", [])
    assert analysis.facts["fullest"] == "/"


def test_types_tell_images_where_they_are_shown() -> None:
    header = "Filesystem     Type      Size  Used Avail Use% Mounted on\n"
    output = f"{header}/dev/x squashfs 10M 10M 0 100% /rom\nnone aufs 296M 290M 6M 98% /\n"
    assert kinds(analyze(output, "df -hT")) == [("disk.usage", "critical", "/")]


def test_an_indented_table_is_a_table() -> None:
    output = f"    $ df -h\n    {_HEADER}    /dev/sda1        40G   39G  1.0G  97% /var\n"
    assert kinds(analyze(output, "df -h")) == [("disk.usage", "critical", "/var")]


def test_a_software_raid_of_linux_is_no_package_image() -> None:
    assert kinds(analyze(f"{_HEADER}/dev/md0 1T 990G 10G 99% /data\n", "df -h")) == [
        ("disk.usage", "critical", "/data")
    ]


@pytest.mark.parametrize(
    ("os_type", "line", "mount"),
    [
        ("sonic", "/dev/loop1      3.9G  3.8G  128M  97% /var/log", "/var/log"),
        ("linux", "none            102M  100M  2.0M  98% /run/lock", "/run/lock"),
        ("junos", "/dev/md14       1.0G  990M   10M  99% /tmp", "/tmp"),
        (
            "osx-10.14.6",
            "/dev/disk3s1   494G   490G  4.0G   99%   9 36  0%  /System/Volumes/Data",
            "/System/Volumes/Data",
        ),
    ],
)
def test_what_can_be_written_counts(os_type: str, line: str, mount: str) -> None:
    assert kinds(analyze(f"{_HEADER}{line}\n", "df -h", os_type)) == [("disk.usage", "critical", mount)]


_AIX = """\
Filesystem    GB blocks      Free %Used    Iused %Iused Mounted on
/dev/hd4           2.00      0.10   95%    11000    38% /
"""
_NXOS = """\
Mount-on                  1K-blocks      Used   Available   Use%  Filesystem
/                            409600     43008      366592     11   /dev/root
/proc                             0         0           0      0   proc
/isan                        409600    389120       20480     95   none
"""
_IOS = """\
File Systems:

       Size(b)       Free(b)      Type  Flags  Prefixes
             -             -    opaque     rw   system:
*   1000000000      49000000      disk     rw   flash:
    3846701056             0      disk     ro   webui:
"""
_DIR = "Directory of bootflash:/\n\nNo files in directory\n\n1000000000 bytes total (49000000 bytes free)\n"
_VRP = "Directory of flash:/\n\n    0  -rw-  14,940  Nov 11 2019  111.cc\n\n1,000,000 KB total (49,000 KB free)\n"
_JUNOS_JSON = """\
{"system-storage-information": [{"filesystem": [
  {"filesystem-name": [{"data": "/dev/gpt/junos"}], "used-percent": [{"data": " 96"}],
   "mounted-on": [{"data": "/.mount"}]},
  {"filesystem-name": [{"data": "/dev/md0"}], "used-percent": [{"data": "100"}],
   "mounted-on": [{"data": "/packages/mnt/jbase"}]}]}]}
"""
_MEDIA = """\
Media Info for Location: node0_RP0_CPU0
Partition                           Size     Used  Percent    Avail
--------------------------------------------------------------------
disk0:                              4.2G     4.1G      97%     128M
/var/lib/docker                     5.6G      12M       1%     5.3G
"""
_MOUNT = """\
Filesystem                 Used  Available      Use% Mounted on
rootfs                  1147940     761784       61% /
/dev/bootflash1         9900000     100000       99% /flash
"""
_LSBLK_TEXT = """\
NAME   FSTYPE   FSVER LABEL UUID   FSAVAIL FSUSE% MOUNTPOINTS
loop0  squashfs 4.0                      0   100% /snap/core/1
sda
├─sda1 ext4     1.0         abcd     1.0G    95% /srv
└─sda2 ext4     1.0         abcd     9.0G     5% /
"""
_NXOS_DIR = """\
       4096    Nov 18 15:29:15 2017  .patch/

Usage for bootflash://sup-local
  960000000 bytes used
   40000000 bytes free
 1000000000 bytes total
"""
_LSBLK = '{"blockdevices": [{"name": "sda1", "fsuse%": "96%", "mountpoint": "/boot"}, {"name": "sr0", "fsuse%": null}]}'


@pytest.mark.parametrize(
    ("os_type", "command", "output", "mount"),
    [
        ("aix", "df -g", _AIX, "/"),
        ("nxos", "show system internal flash", _NXOS, "/isan"),
        ("ios", "show file systems", _IOS, "flash:"),
        ("ios", "dir", _DIR, "bootflash:"),
        ("huawei", "dir", _VRP, "flash:"),
        ("junos", "show system storage | display json", _JUNOS_JSON, "/.mount"),
        ("linux", "lsblk -J -f", _LSBLK, "/boot"),
        ("linux", "lsblk -f", _LSBLK_TEXT, "/srv"),
        ("nxos", "dir", _NXOS_DIR, "bootflash:"),
        ("iosxr", "show media", _MEDIA, "disk0:"),
        ("iosxe", "show platform software mount", _MOUNT, "/flash"),
        ("mikrotik_routeros", "system resource print", " free-hdd-space: 512.0KiB\n total-hdd-space: 16.0MiB\n", "hdd"),
    ],
)
def test_every_systems_table_is_read(os_type: str, command: str, output: str, mount: str) -> None:
    assert kinds(analyze(output, command, os_type)) == [("disk.usage", "critical", mount)]


def test_free_space_is_counted_on_both_sides_of_the_threshold() -> None:
    assert analyze(_DIR.replace("49000000", "150000000"), "dir", "ios").verdict == "warning"
    assert analyze(_DIR.replace("49000000", "150000001"), "dir", "ios").verdict == "ok"
    assert analyze(_IOS.replace("49000000", "150000001"), "show file systems", "ios").verdict == "ok"


def test_a_long_device_name_on_a_line_of_its_own() -> None:
    output = (
        f"{_HEADER}/dev/mapper/a-very-long-volume-group-name-root\n                 40G   39G  1.0G  98% /srv/a b\n"
    )
    analysis = analyze(output, "df -h")
    assert kinds(analysis) == [("disk.usage", "critical", "/srv/a b")]
    assert (analysis.findings[0].line_start, analysis.findings[0].line_end) == (2, 3)


def test_inode_tables_are_not_usage() -> None:
    output = "Filesystem      Inodes IUsed   IFree IUse% Mounted on\n/dev/sda1 100 99 1 99% /\n"
    assert kinds(analyze(output, "df -i")) == []


@pytest.mark.parametrize("command", ["cat notes.txt", "show running-config"])
def test_listings_are_no_evidence(command: str) -> None:
    assert kinds(analyze(f"{_HEADER}/dev/sda1 40G 39G 1G 98% /\n", command)) == []


def test_every_recorded_table_is_read() -> None:
    for row in corpus("suzieq"):
        if "df -hT" in row["command"] or "system storage" in row["command"]:
            analysis = judge(as_execution(row))
            assert int(analysis.facts["file_systems"]) > 0
            assert analysis.verdict == "ok"


def test_eos_carries_the_table_inside_json() -> None:
    analysis = judge(recorded("suzieq", "eos", "bash timeout 5 df -hT", '"output"'))
    assert analysis.facts["fullest"] == "/var/log"
