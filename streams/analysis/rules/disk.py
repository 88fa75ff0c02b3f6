"""File systems: how full they are, from `df` and the tables that network systems print like it."""

import re
from typing import Final

from streams.analysis.case import Case
from streams.analysis.file_systems import FileSystem, file_systems
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_FULL: Final = 100
_FULL_BY_DESIGN: Final = frozenset(
    {"squashfs", "iso9660", "cd9660", "udf", "erofs", "cramfs", "fuse.snapfuse", "snapfuse"}
)
_PSEUDO: Final = frozenset(
    {"devfs", "devtmpfs", "udev", "proc", "procfs", "junosprocfs", "sysfs", "fdescfs", "linprocfs", "autofs", "map",
     "cgroup", "efivarfs", "debugfs", "mqueue", "hugetlbfs", "kernfs", "ptyfs"}
)  # fmt: skip
_DISC: Final = re.compile(r"/dev/(?:sr|cd)\d+")
_LOOP: Final = re.compile(r"/dev/loop\d+|loop\d+")
_JUNOS_MEMORY_DISK: Final = re.compile(r"/dev/md\d+(?:\.\w+)?")
_WRITABLE: Final = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "vfat"})


def _read(case: Case) -> Reading:
    systems = file_systems(case)
    if not systems:
        return NOTHING_READ
    counted = [system for system in systems if not _by_design(system, case)]
    limit = case.thresholds.disk_warning_percent
    findings = tuple(_finding(system, case) for system in counted if system.percent >= limit)
    if not counted:
        return Reading(complete=True, headline="no file system that could fill up")
    fullest = max(counted, key=lambda system: system.percent)
    return Reading(
        findings,
        {"use_percent": str(fullest.percent), "fullest": fullest.mount, "file_systems": str(len(counted))},
        f"{len(counted)} file systems, fullest {fullest.mount} at {fullest.percent}%",
        complete=True,
    )


def _finding(system: FileSystem, case: Case) -> Finding:
    critical = system.percent >= case.thresholds.disk_critical_percent
    return Finding.quoting(
        system.quote,
        "disk.usage",
        Severity.CRITICAL if critical else Severity.WARNING,
        system.mount,
        {
            "use_percent": str(system.percent),
            "file_system": system.device,
            "size": system.size,
            "available": system.available,
        },
    )


def _by_design(system: FileSystem, case: Case) -> bool:
    """Whether the file system is an image, full since it was made, or no storage at all.

    Snaps and Junos packages are loop and memory devices, as are some that can be written: an image is full.
    """
    if {system.type, system.device.split()[0]} & (_FULL_BY_DESIGN | _PSEUDO) or _DISC.match(system.device):
        return True
    if _LOOP.fullmatch(system.device):
        return system.percent >= _FULL and system.type not in _WRITABLE
    if system.mount == "/rom":
        return system.percent >= _FULL
    junos = case.platform.ntc == "juniper_junos" or system.mount.startswith("/packages/")
    image = system.percent >= _FULL or system.mount.startswith("/packages/")
    return junos and image and _JUNOS_MEMORY_DISK.fullmatch(system.device) is not None


FAMILY: Final = Family(
    name="disk",
    about="",
    rules=(
        Rule(
            kind="disk.usage",
            severities=(Severity.WARNING, Severity.CRITICAL),
            threshold=(
                ">= 85 % warning, >= 95 % critical (per tenant: disk_warning_percent, disk_critical_percent); "
                "images and pseudo file systems do not count"
            ),
            platforms="df on every system, Junos show system storage, IOS, XR, NX-OS, EOS, ASA, VRP, RouterOS, lsblk",
            description="A file system is nearly full.",
            phrase="{subject} is {use_percent}% full",
            example=Example(
                "linux",
                "df -h",
                "Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        40G   36G  4.0G  90% /\n",
            ),
        ),
    ),
    read=_read,
)
