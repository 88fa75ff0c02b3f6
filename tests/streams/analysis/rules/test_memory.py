import pytest

from tests.streams.analysis.corpora import as_execution, corpus
from tests.streams.analysis.judging import analyze, judge, kinds


def free(available: int) -> str:
    return (
        "              total        used        free      shared  buff/cache   available\n"
        f"Mem:           1000         800          10           0         190         {available}\n"
        "Swap:             0           0           0\n"
    )


@pytest.mark.parametrize(
    ("available", "severity"),
    [(0, "critical"), (101, None), (100, None), (99, "warning"), (50, "warning"), (49, "critical")],
)
def test_available_memory_on_both_sides_of_its_thresholds(available: int, severity: str | None) -> None:
    analysis = analyze(free(available), "free -m")
    assert kinds(analysis) == ([("memory.low", severity, "memory")] if severity else [])
    assert analysis.facts["memory_available_percent"] == f"{available / 10:.1f}"


_OLD_FREE = """\
             total       used       free     shared    buffers     cached
Mem:          1000        900         20          0         10         30
"""
_TOP = """\
MiB Mem :   1000.0 total,     20.0 free,    900.0 used,     80.0 buff/cache
MiB Swap:      0.0 total,      0.0 free,      0.0 used.     60.0 avail Mem
"""
_OLD_TOP = """\
KiB Mem:  1000k total,  900k used,  20k free,  10k buffers
KiB Swap: 0k total, 0k used, 0k free, 30k cached
"""
_MEMINFO = """\
MemTotal:       1000 kB
MemFree:          10 kB
MemAvailable:     60 kB
Buffers:           1 kB
"""
_OLD_MEMINFO = """\
MemTotal:       1000 kB
MemFree:          10 kB
Buffers:          20 kB
Cached:           30 kB
"""


@pytest.mark.parametrize(
    ("command", "output", "percent"),
    [
        ("free -h", free(0).replace("1000", "1.0Gi").replace("   0\nSwap", "   512Mi\nSwap"), "50.0"),
        ("free", _OLD_FREE, "6.0"),
        ("top -bn 1", _TOP, "6.0"),
        ("top -bn 1", _OLD_TOP, "6.0"),
        ("cat /proc/meminfo", _MEMINFO, "6.0"),
        ("cat /proc/meminfo", _OLD_MEMINFO, "6.0"),
    ],
)
def test_every_tools_numbers(command: str, output: str, percent: str) -> None:
    analysis = analyze(output, command)
    assert analysis.facts["memory_available_percent"] == percent
    assert [kind for kind, _, _ in kinds(analysis)] == (["memory.low"] if percent == "6.0" else [])


_NXOS = "Memory usage:   1000K total,   940K used,  60K free\n"
_NXOS_KERNEL = """\
Memory usage:   1000K total,   940K used,  20K free
Kernel vmalloc:   0K total,   0K free
Kernel buffers:   10K Used
Kernel cached :   30K Used
"""
_FORTIOS = "Memory: 1000k total, 940k used (94.0%), 40k free (4.0%), 20k freeable (2.0%)\n"
_IOS = """\
Processor Pool Total:  1000 Used:  940 Free:  60
 lsmpi_io Pool Total:    6295128 Used:    6294296 Free:        832
"""
_IOS_STATISTICS = """\
                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)
Processor   7F2B8010      1000        940          60        50        40
lsmpi_io    7F2B0DC1A8     6295128     6294212         916         916         916
"""
_XR = "node:      node0_RP0_CPU0\nPhysical Memory: 1000M total (60M available)\n"
_ASA = "Free memory:        60 bytes ( 6%)\nUsed memory:        940 bytes (94%)\nTotal memory:  1000 bytes (100%)\n"
_VRP = "Memory Using Percentage Is: 94%\n"
_JUNOS = "    Memory utilization          94 percent\n"
_COMWARE = """\
             Total      Used      Free    Shared   Buffers    Cached   FreeRatio
Mem:          1000       940        20         0        10        30        2.0%
"""
_NODES = "MiB Mem :   1000.0 total,    500.0 free,    400.0 used,    100.0 buff/cache\n\n"
_EOS_JSON = '{"memInfo": {"physicalMem": {"memTotal": 1000, "memFree": 50, "memBuffers": 10}}}'
_NXOS_JSON = '{"memory_usage_total": "1000", "memory_usage_used": "940", "memory_usage_free": "60"}'
_JC_JSON = '[{"type": "Mem", "total": 1000, "free": 10, "available": 60}, {"type": "Swap", "total": 0, "free": 0}]'


@pytest.mark.parametrize(
    ("os_type", "command", "output"),
    [
        ("nxos", "show system resources", _NXOS),
        ("nxos", "show system resources", _NXOS_KERNEL),
        ("nxos", "show system resources | json", _NXOS_JSON),
        ("eos", "show processes top once | json", _EOS_JSON),
        ("fortinet", "get system performance status", _FORTIOS),
        ("ios", "show processes memory sorted", _IOS),
        ("ios", "show memory statistics", _IOS_STATISTICS),
        ("iosxr", "show memory summary", _XR),
        ("asa", "show memory", _ASA),
        ("huawei", "display memory-usage", _VRP),
        ("junos", "show chassis routing-engine", _JUNOS),
        ("comware", "display memory", _COMWARE),
        ("junos", "show system memory", _NODES + _TOP),
        ("linux", "free | jc --free", _JC_JSON),
        ("mikrotik_routeros", "system resource print", "   free-memory: 61.44KiB\n  total-memory: 1.0MiB\n"),
        ("hp_procurve", "show system", "  Memory   - Total   : 1,000\n             Free    : 60\n"),
        (
            "hp_procurve",
            "show system",
            " Up Time : 15 days   Memory   - Total   : 1,000 \n CPU Util : 2  Free    : 60 \n",
        ),
        ("aruba_aoscx", "show vsf detail", "\tCPU Utilization          : 2%\n\tMemory Utilization       : 94%\n"),
        ("aruba_aoscx", "show system resource-utilization", "CPU usage(%): 8\nMemory usage(%): 94\n"),
    ],
)
def test_network_systems_and_json(os_type: str, command: str, output: str) -> None:
    analysis = analyze(output, command, os_type)
    assert kinds(analysis) == [("memory.low", "warning", "memory")]
    assert analysis.facts["memory_available_percent"] == "6.0"


@pytest.mark.parametrize(
    ("os_type", "command", "output"),
    [
        ("ios", "show processes memory sorted", _IOS.replace("Free:  60", "Free:  100")),
        ("huawei_smartax", "display mem", "Memory occupancy: 90%\n"),
        ("huawei_smartax", "display mem", "Memory occupancy: unknown\n"),
        ("nxos", "show system resources | json", '{"memory_usage_total": "n/a", "memory_usage_free": "60"}'),
        ("linux", "free", "              total        used        free\nMem:            0           0           0\n"),
    ],
)
def test_enough_memory_and_no_numbers(os_type: str, command: str, output: str) -> None:
    assert kinds(analyze(output, command, os_type)) == []


def test_recorded_overviews_are_read() -> None:
    for row in corpus("suzieq"):
        if "top -bn 1" in row["command"]:
            assert 0 < float(judge(as_execution(row)).facts["memory_available_percent"]) < 100


def test_listings_are_no_evidence() -> None:
    assert kinds(analyze(free(1), "cat free.txt")) == []


@pytest.mark.parametrize(("free", "severity"), [(50, None), (10, None), (9, "warning"), (4, "critical")])
@pytest.mark.parametrize(
    ("os_type", "command", "output"),
    [
        (
            "ironware",
            "show memory",
            "Total SDRAM         :  100 bytes\nAvailable Memory (%):          {free} percent\n",
        ),
        ("icx", "show memory", "  Dynamic memory: 100 bytes total, {free} bytes free, 60% used\n"),
        (
            "os6",
            "show memory cpu",
            "Total Memory................................... 100 KBytes\nAvailable Memory Space...... {free} KBytes\n",
        ),
    ],
)
def test_memory_of_foundry_and_dell(os_type: str, command: str, output: str, free: int, severity: str | None) -> None:
    analysis = analyze(output.format(free=free), command, os_type)
    assert kinds(analysis) == ([("memory.low", severity, "memory")] if severity else [])
    assert analysis.verdict == (severity or "ok")
