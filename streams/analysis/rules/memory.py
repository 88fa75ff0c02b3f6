"""Memory: how much of it is still available."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_FREE_HEADER: Final = re.compile(r"^\s+total\s+used\s+free\b.*")
_FREE_MEMORY: Final = re.compile(r"^Mem:\s+(?P<numbers>[\d.]+[KMGTPi]*B?(?:\s+[\d.]+[KMGTPi]*B?)+)\s*$")
_TOP_MEMORY: Final = re.compile(
    r"^(?:(?P<unit>[KMGT]i?B) )?Mem ?: *(?P<total>[\d.]+)k? total, +(?:(?P<free_first>[\d.]+)k? free, +)?"
    r"[\d.]+k? used, +(?:(?P<free>[\d.]+)k? free, +)?(?P<buffers>[\d.]+)k? buff"
)
_TOP_AVAILABLE: Final = re.compile(r"(?P<available>[\d.]+) avail Mem")
_TOP_CACHED: Final = re.compile(r"(?P<cached>[\d.]+)k? cached")
_MEMINFO: Final = re.compile(r"^(?P<name>MemTotal|MemFree|MemAvailable|Buffers|Cached):\s+(?P<kib>\d+) kB")
_UNITS: Final = {"": 1.0, "K": 2.0**10, "M": 2.0**20, "G": 2.0**30, "T": 2.0**40, "P": 2.0**50}


@dataclass(frozen=True, slots=True)
class _Memory:
    total: float
    available: float
    first_line: int
    last_line: int

    @property
    def percent(self) -> float:
        return 100 * self.available / self.total


def _read(case: Case) -> Reading:
    memory = next(_memories(case.document), None)
    if memory is None or not memory.total:
        return NOTHING_READ
    percent = f"{memory.percent:.1f}"
    facts = {"memory_available_percent": percent}
    complete = case.command.program != "cat" or not case.command.filtered
    return Reading(tuple(_judge(case, memory, percent)), facts, f"{percent}% of memory available", complete=complete)


def _judge(case: Case, memory: _Memory, percent: str) -> Iterator[Finding]:
    if memory.percent >= case.thresholds.memory_warning_percent:
        return
    critical = memory.percent < case.thresholds.memory_critical_percent
    severity = Severity.CRITICAL if critical else Severity.WARNING
    quote = case.document.quote(memory.first_line, memory.last_line)
    yield Finding.quoting(quote, "memory.low", severity, "memory", {"available_percent": percent})


def _memories(document: Document) -> Iterator[_Memory]:
    yield from _from_meminfo(document)
    header: list[str] = []
    for number in range(document.first, document.last):
        line = document.lines[number][:300]
        if _FREE_HEADER.match(line):
            header = line.replace("buff/cache", "buffers").split()
        elif header and (match := _FREE_MEMORY.match(line)):
            yield from _from_free(dict(zip(header, match["numbers"].split(), strict=False)), number)
        elif match := _TOP_MEMORY.match(line):
            yield _from_top(document, match, number)


def _from_free(columns: dict[str, str], number: int) -> Iterator[_Memory]:
    sizes = {name: _size(text) for name, text in columns.items()}
    available = sizes.get("available") or sum(sizes.get(name, 0) for name in ("free", "buffers", "cached", "cache"))
    yield _Memory(sizes.get("total", 0), available, number, number)


def _from_top(document: Document, match: re.Match[str], number: int) -> _Memory:
    below = document.lines[number + 1] if number + 1 < document.last else ""
    if available := _TOP_AVAILABLE.search(below):
        return _Memory(float(match["total"]), float(available["available"]), number, number + 1)
    cached = _TOP_CACHED.search(below)
    free = float(match["free"] or match["free_first"] or 0)
    spare = free + float(match["buffers"]) + (float(cached["cached"]) if cached else 0)
    return _Memory(float(match["total"]), spare, number, number + bool(cached))


def _from_meminfo(document: Document) -> Iterator[_Memory]:
    lines = range(document.first, min(document.first + 12, document.last))
    found = {m["name"]: (number, float(m["kib"])) for number in lines if (m := _MEMINFO.match(document.lines[number]))}
    if "MemTotal" not in found:
        return
    parts = ["MemAvailable"] if "MemAvailable" in found else ["MemFree", "Buffers", "Cached"]
    shown = [found[name] for name in parts if name in found]
    if shown:
        first, total = found["MemTotal"]
        yield _Memory(total, sum(kib for _, kib in shown), first, max(number for number, _ in shown))


def _size(text: str) -> float:
    number = text.rstrip("KMGTPiB")
    unit = text[len(number) :].rstrip("iB")
    return float(number or 0) * _UNITS.get(unit, 1.0)


FAMILY: Final = Family(
    name="memory",
    about=r"\bfree\b|\btop\b|meminfo|\bmem",
    rules=(
        Rule(
            kind="memory.low",
            severities=(Severity.WARNING, Severity.CRITICAL),
            threshold="available below 10 % of total warning, below 5 % critical",
            platforms="free, top, /proc/meminfo",
            description="Little memory is available (else free, buffers and cache together).",
            phrase="only {available_percent}% of memory available",
            example=Example(
                "linux",
                "free",
                "              total        used        free      shared  buff/cache   available\n"
                "Mem:        1000000      900000       20000        1000       80000       60000\n"
                "Swap:             0           0           0\n",
            ),
        ),
    ),
    read=_read,
)
