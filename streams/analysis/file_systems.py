"""File systems and how full they are, from the tables and summaries that systems print of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Excerpt
from streams.analysis.json_records import Path, records
from streams.analysis.quoting import quote_members

_LONGEST_LINE: Final = 500
_SIZE: Final = r"[\d.,]+[A-Za-z]*"
_DF_HEADER: Final = re.compile(
    r"^\s*Filesystem\s.*?(?<!\S)(?:Use%|Capacity|%Used|Used%|Use)(?!\S).*\bMounted", re.IGNORECASE
)
_FLASH_HEADER: Final = re.compile(r"^\s*Mount-on\s.*\bUse%\s+Filesystem\s*$")
_MEDIA_HEADER: Final = re.compile(r"^\s*Partition\s+Size\s+Used\s+Percent\s+Avail\s*$")
_PREFIXES_HEADER: Final = re.compile(r"^\s*Size\(b\)\s+Free\(b\)\s+Type\s+Flags\s+Prefixes\s*$", re.IGNORECASE)
_COLUMNS: Final = (
    rf"(?:(?P<size>{_SIZE})\s+)?(?P<used>{_SIZE})\s+(?P<available>-?{_SIZE})\s+"
    r"(?P<percent>\d+)%\s+(?:\d+[A-Za-z]?\s+\d+[A-Za-z]?\s+\d+%\s+)?(?P<mount>/.*?)\s*$"
)
_ROW: Final = re.compile(rf"^\s*(?P<device>\S.*?)\s+{_COLUMNS}")
_TYPED_ROW: Final = re.compile(rf"^\s*(?P<device>\S.*?)\s+(?P<type>[a-z][\w.]*)\s+{_COLUMNS}")
_AIX_ROW: Final = re.compile(
    rf"^\s*(?P<device>\S+)\s+(?P<size>{_SIZE})\s+(?P<available>-?{_SIZE})\s+(?P<percent>\d+)%\s+\d+\s+\d+%\s+(?P<mount>/.*?)\s*$"
)
_FLASH_ROW: Final = re.compile(
    r"^\s*(?P<mount>/\S*)\s+(?P<size>\d+)\s+(?P<used>\d+)\s+(?P<available>\d+)\s+(?P<percent>\d+)%?\s+(?P<device>\S+)\s*$"
)
_LSBLK_HEADER: Final = re.compile(r"\bFSAVAIL\s+FSUSE%\s+MOUNTPOINT")
_LSBLK_ROW: Final = re.compile(
    rf"^\W*(?P<device>[\w.-]+)\s.*?(?P<available>{_SIZE})\s+(?P<percent>\d+)%\s+(?P<mount>/.*?)\s*$"
)
_NXOS_USED: Final = re.compile(r"^\s*(?P<used>\d{1,18}) bytes used\s*$")
_NXOS_FREE: Final = re.compile(r"^\s*(?P<available>\d{1,18}) bytes free\s*$")
_NXOS_USAGE: Final = re.compile(r"^\s*Usage for (?P<mount>[\w-]+:)")
_MEDIA_ROW: Final = re.compile(
    rf"^\s*(?P<mount>\S+)\s+(?P<size>{_SIZE})\s+(?P<used>{_SIZE})\s+(?P<percent>\d+)%\s+(?P<available>{_SIZE})\s*$"
)
_PREFIX_ROW: Final = re.compile(
    r"^\s*\*?\s+(?P<size>\d+)\s+(?P<available>\d+)\s+(?P<type>disk|flash|harddisk|nvram|ssd)\s+rw\s+(?P<mount>[\w-]+:)"
)
_DIRECTORY: Final = re.compile(r"^\s*Directory of (?P<mount>\S+?)/?\s*$")
_DIRECTORY_FREE: Final = re.compile(
    r"^\s*(?P<size>[\d,]+) (?P<unit>k?bytes|KB) total \((?P<available>[\d,]+) (?P=unit) free\)\s*$"
)
_ROUTEROS_FREE: Final = re.compile(r"^\s*free-hdd-space: (?P<available>\S+)")
_ROUTEROS_TOTAL: Final = re.compile(r"^\s*total-hdd-space: (?P<size>\S+)")
_IEC_SIZE: Final = re.compile(r"(?P<number>\d{1,15}(?:\.\d+)?)(?P<unit>B|KiB|MiB|GiB|TiB)")
_IEC: Final = {"B": 1.0, "KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30, "TiB": 2.0**40}
_WRAPPED: Final = re.compile(r"^\s*[^\s-]\S*\s*$")
_PERCENT: Final = re.compile(r"\s*(\d{1,3})(?:\.\d+)?%?\s*")
_HINTS: Final = ("filesystem", "mount-on", "prefixes", " total (", "partition ", "-hdd-space", "fsuse%", "usage for ")
_MOUNT_KEYS: Final = ("mounted-on", "mounted_on", "mountpoint")
_PERCENT_KEYS: Final = ("used-percent", "use_percent", "capacity_percent", "fsuse%")
_DEVICE_KEYS: Final = ("filesystem-name", "filesystem", "name")
_AVAILABLE_KEYS: Final = ("available", "fsavail", "available-blocks")
_SIZE_KEYS: Final = ("size", "fssize", "total-blocks", "1k_blocks")


@dataclass(frozen=True, slots=True)
class FileSystem:
    """One file system; sizes as they stand in the output, `type` where it is shown."""

    device: str
    type: str
    size: str
    available: str
    percent: int
    mount: str
    quote: Excerpt


def file_systems(case: Case) -> list[FileSystem]:
    """Return the file systems of `df`, of network systems' tables like it, and what `dir` says of its own."""
    if case.parse.parser == "json":
        return list(_from_json(case)) if case.document.holds_any(_PERCENT_KEYS) else []
    return list(_from_lines(case.document))


def _from_lines(document: Document) -> Iterator[FileSystem]:
    """Yield the rows below each header; a long device name may stand on a line of its own."""
    row: re.Pattern[str] | None = None
    wrapped = ""
    first = next(iter(document.lines_holding(_HINTS)), document.last)
    for number in range(max(document.first, first), document.last):
        line = document.lines[number][:_LONGEST_LINE]
        if header := _row_below(line):
            row, wrapped = header, ""
        elif summary := _DIRECTORY_FREE.match(line):
            yield _file_system(summary, document.quote(number), mount=_directory(document, number))
        elif usage := _NXOS_USAGE.match(line):
            yield from _from_nxos(document, number, usage["mount"])
        elif free := _ROUTEROS_FREE.match(line):
            yield from _from_routeros(document, number, free["available"])
        elif row is not None and (match := row.match(wrapped + line)):
            yield _file_system(match, document.quote(number - bool(wrapped), number))
            wrapped = ""
        else:
            wrapped = line.strip() + " " if row is not None and _WRAPPED.match(line) else ""


def _row_below(line: str) -> re.Pattern[str] | None:
    """Return how rows look below `line` if that is a header."""
    if _DF_HEADER.search(line):
        if "%Iused" in line and "%Used" in line:
            return _AIX_ROW
        return _TYPED_ROW if " Type " in line else _ROW
    if _FLASH_HEADER.match(line):
        return _FLASH_ROW
    if _LSBLK_HEADER.search(line):
        return _LSBLK_ROW
    if _MEDIA_HEADER.match(line):
        return _MEDIA_ROW
    return _PREFIX_ROW if _PREFIXES_HEADER.match(line) else None


def _directory(document: Document, number: int) -> str:
    """Return the file system that the nearest title before line `number` lists."""
    for above in range(number, document.first - 1, -1):
        if match := _DIRECTORY.match(document.lines[above][:_LONGEST_LINE]):
            return match["mount"]
    return "directory"


def _from_nxos(document: Document, number: int, mount: str) -> Iterator[FileSystem]:
    """Yield the file system whose used and free bytes stand on the two lines below line `number`."""
    if number + 2 >= document.last:
        return
    used, free = _NXOS_USED.match(document.lines[number + 1]), _NXOS_FREE.match(document.lines[number + 2])
    if used and free:
        size = int(used["used"]) + int(free["available"])
        percent = 100 * int(used["used"]) // size if size else 0
        quote = document.quote(number, number + 2)
        yield FileSystem(mount, "", str(size), free["available"], percent, mount, quote)


def _from_routeros(document: Document, number: int, available: str) -> Iterator[FileSystem]:
    """Yield the disk whose free space stands on line `number` and whose size stands below."""
    total = _ROUTEROS_TOTAL.match(document.lines[number + 1]) if number + 1 < document.last else None
    if total is None:
        return
    size, free = _bytes(total["size"]), _bytes(available)
    if size:
        percent = int(100 * max(0.0, size - free) / size)
        quote = document.quote(number, number + 1)
        yield FileSystem("hdd", "", total["size"], available, percent, "hdd", quote)


def _bytes(size: str) -> float:
    match = _IEC_SIZE.fullmatch(size)
    return float(match["number"]) * _IEC[match["unit"]] if match else 0.0


def _file_system(match: re.Match[str], quote: Excerpt, *, mount: str = "") -> FileSystem:
    found = match.groupdict()
    percent = found.get("percent")
    return FileSystem(
        device=found.get("device") or mount or match["mount"],
        type=found.get("type") or "",
        size=found.get("size") or "",
        available=match["available"],
        percent=_used_percent(found) if percent is None else int(percent),
        mount=mount or match["mount"],
        quote=quote,
    )


def _used_percent(found: Mapping[str, str | None]) -> int:
    """Return the use that size and free space leave, in whole percent."""
    size, free = (int((found[name] or "0").replace(",", "")) for name in ("size", "available"))
    return 100 * max(0, size - free) // size if size else 0


def _from_json(case: Case) -> Iterator[FileSystem]:
    """Yield what Junos, jc and lsblk say in JSON."""
    found: list[tuple[FileSystem, Path]] = []
    for record in records(case.parse.data):
        key, mount = record.name_of(*_PERCENT_KEYS), record.text(*_MOUNT_KEYS).strip()
        percent = _PERCENT.fullmatch(record.text(key)) if key else None
        if percent is None or not mount:
            continue
        system = FileSystem(
            device=record.text(*_DEVICE_KEYS).strip() or mount,
            type=record.text("type", "fstype"),
            size=record.text(*_SIZE_KEYS),
            available=record.text(*_AVAILABLE_KEYS),
            percent=int(percent[1]),
            mount=mount,
            quote=case.document.quote(case.document.first),
        )
        found.append((system, (*record.path, key)))
    quotes = quote_members(case.document, [(path, path) for _, path in found]) if found else []
    for (system, _), quote in zip(found, quotes, strict=True):
        yield replace(system, quote=quote)
