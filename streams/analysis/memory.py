"""How much memory there is and how much is available, from whatever tells of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Excerpt
from streams.analysis.json_records import Record, records
from streams.analysis.quoting import quote_members

_LONGEST_LINE: Final = 300
_HINTS: Final = ("mem", "processor", "total")
_N: Final = r"\d{1,18}(?:\.\d+)?"
_NUMBER: Final = re.compile(_N)
_FREE_HEADER: Final = re.compile(r"^\s+total\s+used\s+free\b.*", re.IGNORECASE)
_FREE_MEMORY: Final = re.compile(
    r"^\s*Mem:\s+(?P<numbers>[\d.]+[KMGTPi]*B?(?:\s+[\d.]+[KMGTPi]*B?)+)(?:\s+[\d.]+%)?\s*$"
)
_TOP_MEMORY: Final = re.compile(
    rf"^\s*(?:[KMGT]i?B )?Mem ?: *(?P<total>{_N})k? total, +(?:(?P<free_first>{_N})k? free, +)?"
    rf"{_N}k? used, +(?:(?P<free>{_N})k? free, +)?(?P<buffers>{_N})k? buff"
)
_TOP_AVAILABLE: Final = re.compile(rf"(?P<available>{_N}) avail Mem")
_TOP_CACHED: Final = re.compile(rf"(?P<cached>{_N})k? cached")
_MEMINFO: Final = re.compile(r"^\s*(?P<name>MemTotal|MemFree|MemAvailable|Buffers|Cached):\s+(?P<kib>\d{1,18}) kB")
_MEMINFO_LINES: Final = 12
_STATED: Final = (
    # NX-OS `show system resources`; FortiOS `get system performance status`.
    re.compile(r"^\s*Memory usage:\s+(?P<total>\d{1,18})K total,\s+\d+K used,\s+(?P<free>\d{1,18})K free"),
    re.compile(
        r"^\s*Memory: (?P<total>\d{1,18})k total, \d+k used[^,]*, (?P<free>\d{1,18})k free[^,]*"
        r"(?:, (?P<more>\d{1,18})k freeable)?"
    ),
    # IOS: the processor pool alone, since others are full by design (lsmpi_io); `show memory statistics` likewise.
    re.compile(r"^\s*Processor Pool Total:\s*(?P<total>\d{1,18}) Used:\s*\d+ Free:\s*(?P<free>\d{1,18})"),
    re.compile(r"^\s*Processor\s+[0-9A-F]{6,}\s+(?P<total>\d{1,18})\s+\d+\s+(?P<free>\d{1,18})\s+\d+\s+\d+"),
    # IOS-XR `show memory summary`; ASA `show memory`.
    re.compile(rf"^\s*Physical Memory: (?P<total>{_N})M total \((?P<free>{_N})M available\)"),
    re.compile(r"^\s*Free memory:\s+\d+ bytes \(\s*(?P<free_percent>\d{1,3})%\)"),
    # NetIron; FastIron.
    re.compile(r"^\s*Available Memory \(%\): *(?P<free_percent>\d{1,3}) percent"),
    re.compile(r"^\s*Dynamic memory: (?P<total>\d{1,18}) bytes total, (?P<free>\d{1,18}) bytes free"),
    # VRP, SmartAX, Junos `show chassis routing-engine`, AOS-CX.
    re.compile(r"^\s*Memory (?:Using Percentage(?: Is)?|occupancy): *(?P<used_percent>\d{1,3})%", re.IGNORECASE),
    re.compile(r"^\s*Memory utilization\s*:?\s*(?P<used_percent>\d{1,3}) ?(?:percent|%)", re.IGNORECASE),
    re.compile(r"^\s*Memory usage\(%\): *(?P<used_percent>\d{1,3})"),
)
# One figure a line: RouterOS (free first), ProCurve, Dell OS6.
_ROUTEROS_FREE: Final = re.compile(r"^\s*free-memory: (?P<size>\S+)")
_ROUTEROS_TOTAL: Final = re.compile(r"^\s*total-memory: (?P<size>\S+)")
_PROCURVE_TOTAL: Final = re.compile(r"\bMemory\s+- Total\s*: (?P<size>[\d,]+)")
_PROCURVE_FREE: Final = re.compile(r"\bFree\s*: (?P<size>[\d,]+)")
_OS6_TOTAL: Final = re.compile(r"^\s*Total Memory\.+ (?P<size>\d+)")
_OS6_FREE: Final = re.compile(r"^\s*Available Memory Space\.+ (?P<size>\d+)")
_PAIRS: Final = (
    # (what stands first, what stands on the next line, whether the total stands first)
    (_ROUTEROS_FREE, _ROUTEROS_TOTAL, False),
    (_PROCURVE_TOTAL, _PROCURVE_FREE, True),
    (_OS6_TOTAL, _OS6_FREE, True),
)
_KERNEL: Final = re.compile(r"^\s*Kernel (?:buffers|cached) *:\s*(?P<used>\d{1,18})K Used")
_UNITS: Final = {"": 1.0, "K": 2.0**10, "M": 2.0**20, "G": 2.0**30, "T": 2.0**40, "P": 2.0**50}
_TOTAL_KEYS: Final = ("MemTotal", "mem_total", "memory_usage_total", "memTotal")
_AVAILABLE_KEYS: Final = ("MemAvailable", "mem_available", "available")
_FREE_KEYS: Final = (
    ("MemFree", "mem_free", "memory_usage_free", "memFree", "free"),
    ("Buffers", "memBuffers", "memBuffer", "buffers", "kernel_buffers_used"),
    ("Cached", "cached", "buff_cache", "mem_buff_cache", "kernel_cached_used"),
)


@dataclass(frozen=True, slots=True)
class Memory:
    """Total and available memory in one unit, which one does not matter."""

    total: float
    available: float
    quote: Excerpt

    @property
    def percent(self) -> float:
        """How much of it is available."""
        return 100 * self.available / self.total


def memories(case: Case) -> list[Memory]:
    """Return what is told of memory, each node or repetition for itself."""
    found = _from_json(case) if case.parse.parser == "json" else _from_lines(case.document)
    return [memory for memory in found if memory.total]


def _from_lines(document: Document) -> Iterator[Memory]:
    header: list[str] = []
    for number in document.lines_holding(_HINTS):
        line = document.lines[number][:_LONGEST_LINE]
        if _FREE_HEADER.match(line):
            header = line.lower().replace("buff/cache", "buffers").split()
        elif header and (match := _FREE_MEMORY.match(line)):
            yield _from_free(document, dict(zip(header, match["numbers"].split(), strict=False)), number)
        elif match := _TOP_MEMORY.match(line):
            yield _from_top(document, match, number)
        elif line.lstrip().startswith("MemTotal:"):
            yield from _from_meminfo(document, number)
        elif stated := next((match for pattern in _STATED if (match := pattern.match(line))), None):
            yield _from_statement(document, stated, number)
        else:
            yield from _from_pair(document, number)


def _from_free(document: Document, columns: dict[str, str], number: int) -> Memory:
    sizes = {name: _size(text) for name, text in columns.items()}
    spare = sum(sizes.get(name, 0) for name in ("free", "buffers", "cached", "cache"))
    return Memory(sizes.get("total", 0), sizes.get("available", spare), document.quote(number))


def _from_top(document: Document, match: re.Match[str], number: int) -> Memory:
    below = document.lines[number + 1][:_LONGEST_LINE] if number + 1 < document.last else ""
    if available := _TOP_AVAILABLE.search(below):
        both = float(match["total"]), float(available["available"])
        return Memory(*both, document.quote(number, number + 1))
    cached = _TOP_CACHED.search(below)
    free = float(match["free"] or match["free_first"] or 0)
    spare = free + float(match["buffers"]) + (float(cached["cached"]) if cached else 0)
    return Memory(float(match["total"]), spare, document.quote(number, number + bool(cached)))


def _from_meminfo(document: Document, first: int) -> Iterator[Memory]:
    lines = range(first, min(first + _MEMINFO_LINES, document.last))
    found = {m["name"]: (number, float(m["kib"])) for number in lines if (m := _MEMINFO.match(document.lines[number]))}
    parts = ["MemAvailable"] if "MemAvailable" in found else ["MemFree", "Buffers", "Cached"]
    shown = [found[name] for name in parts if name in found]
    if shown and "MemTotal" in found:
        last = max(number for number, _ in shown)
        yield Memory(found["MemTotal"][1], sum(kib for _, kib in shown), document.quote(first, last))


def _from_statement(document: Document, match: re.Match[str], number: int) -> Memory:
    found = match.groupdict()
    if used := found.get("used_percent"):
        return Memory(100.0, 100.0 - float(used), document.quote(number))
    if free := found.get("free_percent"):
        return Memory(100.0, float(free), document.quote(number))
    kept = [_kept_by_kernel(document, below) for below in range(number + 1, min(number + 4, document.last))]
    spare = float(found["free"] or 0) + float(found.get("more") or 0) + sum(kept)
    return Memory(float(found["total"] or 0), spare, document.quote(number))


def _from_pair(document: Document, number: int) -> Iterator[Memory]:
    """Yield the memory whose total and free part stand on line `number` and the one below."""
    if number + 1 >= document.last:
        return
    above, below = (document.lines[each][:_LONGEST_LINE] for each in (number, number + 1))
    for first, second, total_first in _PAIRS:
        if (one := first.search(above)) and (other := second.search(below)):
            total, free = (one, other) if total_first else (other, one)
            yield Memory(_size(total["size"]), _size(free["size"]), document.quote(number, number + 1))


def _kept_by_kernel(document: Document, number: int) -> float:
    """Return what line `number` says of buffers or cache, as NX-OS does below the totals."""
    match = _KERNEL.match(document.lines[number][:_LONGEST_LINE])
    return float(match["used"]) if match else 0.0


def _from_json(case: Case) -> Iterator[Memory]:
    """Yield what NX-OS, EOS and jc say in JSON."""
    for record in records(case.parse.data):
        key = record.name_of(*_TOTAL_KEYS) or ("total" if record.text("type") == "Mem" else "")
        total = _figure(record, (key,)) if key else None
        available = _figure(record, _AVAILABLE_KEYS)
        if available is None:
            parts = [part for keys in _FREE_KEYS if (part := _figure(record, keys)) is not None]
            available = sum(parts) if parts else None
        if total is not None and available is not None:
            path = (*record.path, key)
            yield Memory(total, available, quote_members(case.document, [(path, path)])[0])


def _figure(record: Record, keys: tuple[str, ...]) -> float | None:
    text = record.text(*keys)
    return float(text) if _NUMBER.fullmatch(text) else None


def _size(text: str) -> float:
    plain = text.replace(",", "")
    number = plain.rstrip("KMGTPiB")
    unit = plain[len(number) :].rstrip("iB")
    return float(number) * _UNITS.get(unit, 1.0) if _NUMBER.fullmatch(number) else 0.0
