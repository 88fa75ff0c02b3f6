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
    ("available", "severity"), [(101, None), (100, None), (99, "warning"), (50, "warning"), (49, "critical")]
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


def test_recorded_overviews_are_read() -> None:
    for row in corpus("suzieq"):
        if "top -bn 1" in row["command"]:
            assert 0 < float(judge(as_execution(row)).facts["memory_available_percent"]) < 100


def test_listings_are_no_evidence() -> None:
    assert kinds(analyze(free(1), "cat free.txt")) == []
