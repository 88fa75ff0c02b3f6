"""Error counters from text: below an interface's heading, or in `/proc/net/dev`."""

import re
from collections.abc import Iterator
from typing import Final

from streams.analysis.document import Document
from streams.analysis.interfaces.interface import ErrorCounters
from streams.analysis.interfaces.text import heading

_COUNTERS: Final = {
    "input_errors": re.compile(
        r"(\d+) input errors?\b|\b[Ii]nput errors: (\d+)|\bRX errors[ :](\d+)|(\d+) (?:CRC|overrun)\b"
        r"|\bIn_CRC_ERROR +(\d+)"
    ),
    "output_errors": re.compile(
        r"(\d+) output errors?\b|\b[Oo]utput errors: (\d+)|\bTX errors[ :](\d+)|\bE_CRC_ERROR +(\d+)"
    ),
    "input_packets": re.compile(
        r"(\d+) (?:packets input|input packets)\b|\bRX packets[ :](\d+)|\b[Ii]nput packets *:? *(\d+)"
        r"|\bInput(?: \(total\))?: *(\d+) packets|\bIn_Packets +(\d+)"
    ),
    "output_packets": re.compile(
        r"(\d+) (?:packets output|output packets)\b|\bTX packets[ :](\d+)|\b[Oo]utput packets *:? *(\d+)"
        r"|\bOutput(?: \(total\))?: *(\d+) packets|\bE_Packets +(\d+)"
    ),
}
_OVERRUNS: Final = re.compile(r"\bRX errors.*\boverruns (\d+)")
_OLD_ERRORS: Final = re.compile(
    r"^\s*(?P<direction>[RT]X) (?:bytes:\d+ )?packets:(?P<packets>\d+) errors:(?P<errors>\d+)"
    r"(?: dropped:\d+ overruns:(?P<overruns>\d+))?"
)
_DIRECTION: Final = re.compile(r"^\s+(?P<direction>[RT]X):\s+bytes\s+packets\s+errors\b")
_PART: Final = re.compile(r"^\s*(?P<direction>Input|Output)\b[^:]*:")
_ERRORS_OF_PART: Final = re.compile(r"(?:\bTotal Error|^\s+(?:Carrier transitions: \d+, )?Errors): *(?P<errors>\d+)")
_PROC_NET_DEV: Final = re.compile(r"^\s*(?P<name>[^\s:]+):\s*(?P<numbers>\d+(?:\s+\d+){15})\s*$")
_DIRECTIONS: Final = {"RX": "input", "TX": "output"}


def error_counters(document: Document) -> Iterator[ErrorCounters]:
    """Yield the counters with errors that stand below an interface's header, or in `/proc/net/dev`."""
    gathered: _Gathered | None = None
    for number in range(document.first, document.last):
        line = document.lines[number][:400]
        if match := _PROC_NET_DEV.match(line):
            yield from _gathered_of_proc(document, match, number).counters()
        opened = heading(line, number)
        if opened:
            if gathered:
                yield from gathered.counters()
            gathered = _Gathered(document, opened.name)
        elif gathered:
            gathered.take(line, number)
    if gathered:
        yield from gathered.counters()


def error_counters_between(document: Document, name: str, first: int, last: int) -> Iterator[ErrorCounters]:
    """Yield the counters of the interface `name` if the lines from `first` to before `last` count errors."""
    gathered = _Gathered(document, name)
    for number in range(first, last):
        gathered.take(document.lines[number][:400], number)
    yield from gathered.counters()


def _gathered_of_proc(document: Document, match: re.Match[str], number: int) -> "_Gathered":
    numbers = [int(text) for text in match["numbers"].split()]
    gathered = _Gathered(document, match["name"])
    gathered.add("input_packets", numbers[1], number)
    gathered.add("input_errors", numbers[2], number)
    gathered.add("output_packets", numbers[9], number)
    gathered.add("output_errors", numbers[10], number)
    return gathered


class _Gathered:
    """The counters read so far for one interface."""

    def __init__(self, document: Document, name: str) -> None:
        self._document = document
        self._name = name
        self._numbers = dict.fromkeys(_COUNTERS, 0)
        self._line: int | None = None
        self._direction = ""
        self._part = "input"

    def add(self, counter: str, value: int, line: int) -> None:
        """Count `value`; the first line with an error becomes the proof."""
        self._numbers[counter] = max(self._numbers[counter], value)
        if value and counter.endswith("errors") and self._line is None:
            self._line = line

    def take(self, line: str, number: int) -> None:
        """Read the counters of one line."""
        if self._direction:
            self._take_columns(line.split(), number)
        elif match := _DIRECTION.match(line):
            self._direction = _DIRECTIONS[match["direction"]]
        elif match := _OLD_ERRORS.match(line):
            direction = _DIRECTIONS[match["direction"]]
            self.add(f"{direction}_packets", int(match["packets"]), number)
            self.add(f"{direction}_errors", max(int(match["errors"]), int(match["overruns"] or 0)), number)
        elif "rror" in line or "acket" in line or "CRC" in line:
            self._take_phrases(line, number)

    def _take_phrases(self, line: str, number: int) -> None:
        for counter, pattern in _COUNTERS.items():
            for counted in pattern.finditer(line):
                self.add(counter, int(next(filter(None, counted.groups()))), number)
        if match := _OVERRUNS.search(line):
            self.add("input_errors", int(match[1]), number)
        if match := _PART.match(line):
            self._part = match["direction"].lower()
        if match := _ERRORS_OF_PART.search(line):
            self.add(f"{self._part}_errors", int(match["errors"]), number)

    def _take_columns(self, words: list[str], number: int) -> None:
        """Read the values below `RX: bytes packets errors ...`."""
        direction, self._direction = self._direction, ""
        if len(words) >= 3 and words[1].isdecimal() and words[2].isdecimal():
            self.add(f"{direction}_packets", int(words[1]), number)
            self.add(f"{direction}_errors", int(words[2]), number)

    def counters(self) -> Iterator[ErrorCounters]:
        """Yield the interface's counters if there are errors among them."""
        if self._line is not None:
            yield ErrorCounters(name=self._name, quote=self._document.quote(self._line), **self._numbers)
