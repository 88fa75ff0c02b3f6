"""File systems: how full they are, from `df` and the tables that network systems print like it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.case import Case
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_LONGEST_LINE: Final = 500
_HEADER: Final = re.compile(r"^\s*Filesystem\s.*?\b(?:Use%|Capacity|%Used|Used%).*\bMounted", re.IGNORECASE)
_COLUMNS: Final = (
    r"(?P<size>[\d.]+[KMGTPEBi]*)\s+(?P<used>[\d.]+[KMGTPEBi]*)\s+(?P<available>-?[\d.]+[KMGTPEBi]*)\s+"
    r"(?P<percent>\d+)%\s+(?:\d+\s+\d+\s+\d+%\s+)?(?P<mount>/.*?)\s*$"
)
_ROW: Final = re.compile(rf"^(?P<device>\S.*?)\s+{_COLUMNS}")
_TYPED_ROW: Final = re.compile(rf"^(?P<device>\S.*?)\s+(?P<type>[a-z][\w.]*)\s+{_COLUMNS}")
_WRAPPED: Final = re.compile(r"^\S+\s*$")
_FULL_BY_DESIGN: Final = frozenset({"squashfs", "iso9660", "cd9660", "udf", "erofs", "cramfs"})
_PSEUDO: Final = frozenset(
    {"devfs", "devtmpfs", "udev", "proc", "procfs", "sysfs", "fdescfs", "linprocfs", "autofs", "map", "none",
     "cgroup", "efivarfs", "debugfs", "mqueue", "hugetlbfs"}
)  # fmt: skip
_IMAGE_DEVICE: Final = re.compile(r"/dev/(?:loop|sr|cd)\d+")
_JUNOS_PACKAGE: Final = re.compile(r"/dev/md\d+(?:\.\w+)?")


@dataclass(frozen=True, slots=True)
class _FileSystem:
    device: str
    type: str
    size: str
    available: str
    percent: int
    mount: str
    first_line: int
    last_line: int


def _read(case: Case) -> Reading:
    systems = list(_file_systems(case))
    if not systems:
        return NOTHING_READ
    counted = [system for system in systems if not _by_design(system, case)]
    findings = tuple(
        _finding(system, case) for system in counted if system.percent >= case.thresholds.disk_warning_percent
    )
    if not counted:
        return Reading(complete=True, headline="no file system that could fill up")
    fullest = max(counted, key=lambda system: system.percent)
    return Reading(
        findings,
        {"use_percent": str(fullest.percent), "fullest": fullest.mount, "file_systems": str(len(counted))},
        f"{len(counted)} file systems, fullest {fullest.mount} at {fullest.percent}%",
        complete=True,
    )


def _finding(system: _FileSystem, case: Case) -> Finding:
    critical = system.percent >= case.thresholds.disk_critical_percent
    return Finding.quoting(
        case.document.quote(system.first_line, system.last_line),
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


def _file_systems(case: Case) -> Iterator[_FileSystem]:
    """Yield the rows below each header; a long device name may stand on a line of its own."""
    document = case.document
    row: re.Pattern[str] | None = None
    wrapped = ""
    header = next(iter(document.lines_holding(("filesystem",))), document.last)
    for number in range(header, document.last):
        line = document.lines[number][:_LONGEST_LINE]
        if _HEADER.search(line):
            row, wrapped = (_TYPED_ROW if " Type " in line else _ROW), ""
            continue
        if row is None:
            continue
        match = row.match(wrapped + line)
        if match:
            yield _file_system(match, number - bool(wrapped), number)
        wrapped = line.strip() + " " if not match and _WRAPPED.match(line) else ""


def _file_system(match: re.Match[str], first_line: int, last_line: int) -> _FileSystem:
    return _FileSystem(
        device=match["device"],
        type=match.groupdict().get("type", ""),
        size=match["size"],
        available=match["available"],
        percent=int(match["percent"]),
        mount=match["mount"],
        first_line=first_line,
        last_line=last_line,
    )


def _by_design(system: _FileSystem, case: Case) -> bool:
    """Whether the file system is an image, full since it was made, or no storage at all."""
    if (system.type or system.device.split()[0]) in _FULL_BY_DESIGN | _PSEUDO:
        return True
    if _IMAGE_DEVICE.match(system.device):
        return True
    junos = case.platform.ntc == "juniper_junos" or system.mount.startswith("/packages/")
    return junos and _JUNOS_PACKAGE.fullmatch(system.device) is not None


FAMILY: Final = Family(
    name="disk",
    about="",
    rules=(
        Rule(
            kind="disk.usage",
            severities=(Severity.WARNING, Severity.CRITICAL),
            threshold=">= 85 % warning, >= 95 % critical; images and pseudo file systems do not count",
            platforms="df on every system, Junos show system storage",
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
