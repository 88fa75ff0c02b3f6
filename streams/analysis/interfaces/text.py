"""Interfaces from text: `... is down, line protocol is down`, iproute2, ifconfig, Junos, counters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.document import Document
from streams.analysis.interfaces.interface import ErrorCounters, Interface, LinkState, Shown, link_state

_IS: Final = re.compile(
    r"^(?:Interface )?(?P<name>[A-Za-z][\w./:-]*)(?: \"[^\"]*\",)?(?: current state ?:| is) "
    r"(?P<link>administratively down|admin down|up|down|deleted|reset)(?P<reason> \([^)]*\))?"
    r"(?:,? *line protocol is (?P<protocol>administratively down|\S+))?",
    re.IGNORECASE,
)
_IPROUTE: Final = re.compile(r"^\d+: (?P<name>[^:@\s]+)(?:@[^:\s]+)?: <(?P<flags>[^>]*)>(?:.* state (?P<state>\S+))?")
_IFCONFIG: Final = re.compile(r"^(?P<name>[\w.:-]+): flags=[0-9a-f]+<(?P<flags>[^>]*)>(?P<net_tools>  mtu)?")
_IFCONFIG_OLD: Final = re.compile(r"^(?P<name>\S+)\s+Link encap:")
_FLAG_WORDS: Final = re.compile(r"^\s+(?P<flags>[A-Z]+(?: [A-Z]+)*)\s+MTU:\d+")
_FRR_FLAGS: Final = re.compile(r"^\s+flags: <(?P<flags>[^>]*)>")
_BSD_STATUS: Final = re.compile(r"^\s+status: (?P<status>inactive|no carrier)")
_JUNOS: Final = re.compile(
    r"^Physical interface: (?P<name>[^,\s]+), (?P<admin>Enabled|Administratively down|Disabled)\s*,"
    r" Physical link is (?P<link>\w+)"
)
_ADMIN_STATE: Final = re.compile(r"^\s*admin state is (?P<admin>up|down)", re.IGNORECASE)
_TERSE_HEADER: Final = re.compile(r"^Interface\s+Admin\s+(?:Link|Oper)\b")
_TERSE: Final = re.compile(r"^(?P<name>[a-z][\w/:.-]*)\s+(?P<admin>up|down)\s+(?P<link>up|down)\b")
_STATUS_HEADER: Final = re.compile(r"^Interface\s+Status\s+VRF\b")
_STATUS: Final = re.compile(r"^(?P<name>\S+)\s+(?P<link>up|down)\b")
_COUNTERS: Final = {
    "input_errors": re.compile(
        r"(\d+) input errors?\b|\bInput errors: (\d+)|\bRX errors[ :](\d+)|(\d+) (?:CRC|overrun)\b"
    ),
    "output_errors": re.compile(r"(\d+) output errors?\b|\bOutput errors: (\d+)|\bTX errors[ :](\d+)"),
    "input_packets": re.compile(
        r"(\d+) (?:packets input|input packets)\b|\bRX packets[ :](\d+)|Input packets *: *(\d+)"
    ),
    "output_packets": re.compile(
        r"(\d+) (?:packets output|output packets)\b|\bTX packets[ :](\d+)|Output packets *: *(\d+)"
    ),
}
_OLD_ERRORS: Final = re.compile(r"^\s+(?P<direction>[RT]X) packets:\d+ errors:(?P<errors>\d+)")
_DIRECTION: Final = re.compile(r"^\s+(?P<direction>[RT]X):\s+bytes\s+packets\s+errors\b")
_PROC_NET_DEV: Final = re.compile(r"^\s*(?P<name>[^\s:]+):\s*(?P<numbers>\d+(?:\s+\d+){15})\s*$")


@dataclass(slots=True)
class _Block:
    """An interface's lines: what its header says, and what lines below it add."""

    name: str
    shown: Shown
    line: int
    end: int

    def amend(self, shown: Shown, line: int) -> None:
        """Take over better words from a line below the header."""
        self.shown, self.end = shown, line


def interfaces(document: Document) -> Iterator[Interface]:
    """Yield the interfaces that the lines of `document` show, in order."""
    for block in _blocks(document):
        state = link_state(block.shown)
        if state is None:
            continue
        quote = None if state is LinkState.UP else document.quote(block.line, block.end)
        yield Interface(block.name, state, str(block.shown), quote)


def _blocks(document: Document) -> Iterator[_Block]:
    block: _Block | None = None
    table: re.Pattern[str] | None = None
    for number in range(document.first, document.last):
        line = document.lines[number][:400]
        table = _table(line, table)
        opened = _open(line, number, table)
        if opened:
            if block:
                yield block
            block = opened
        elif block:
            _amend(block, line, number)
    if block:
        yield block


def _table(line: str, table: re.Pattern[str] | None) -> re.Pattern[str] | None:
    if _TERSE_HEADER.match(line):
        return _TERSE
    if _STATUS_HEADER.match(line):
        return _STATUS
    return table if line.strip() else None


def _open(line: str, number: int, table: re.Pattern[str] | None) -> _Block | None:
    """Return the block that `line` begins, if it begins one; headings are never indented."""
    if not line or line[0].isspace():
        return None
    for pattern, shown in _OPENERS:
        if match := pattern.match(line):
            return _Block(match["name"], shown(match), number, number)
    match = table.match(line) if table else None
    return _Block(match["name"], _of_columns(match), number, number) if match else None


def _of_sentence(match: re.Match[str]) -> Shown:
    return Shown("", match["link"] + (match["reason"] or ""), match["protocol"] or "")


def _of_iproute(match: re.Match[str]) -> Shown:
    return _from_flags(match["flags"].split(","), (match["state"] or "").lower())


def _of_ifconfig(match: re.Match[str]) -> Shown:
    """Linux' net-tools clear RUNNING when the carrier is lost; BSD keeps it and prints a status line."""
    flags = match["flags"].split(",")
    stopped = bool(match["net_tools"]) and "RUNNING" not in flags
    return _from_flags(flags, "down" if stopped else "up")


def _of_junos(match: re.Match[str]) -> Shown:
    return Shown("up" if match["admin"] == "Enabled" else "down", match["link"])


def _of_columns(match: re.Match[str]) -> Shown:
    return Shown(match.groupdict().get("admin") or "", match["link"])


_OPENERS: Final = (
    (_IS, _of_sentence),
    (_IPROUTE, _of_iproute),
    (_IFCONFIG, _of_ifconfig),
    (_JUNOS, _of_junos),
    (_IFCONFIG_OLD, lambda _match: Shown()),
)


def _amend(block: _Block, line: str, number: int) -> None:
    if match := _ADMIN_STATE.match(line):
        block.amend(Shown(match["admin"].lower(), block.shown.link, block.shown.protocol), number)
    elif match := _FRR_FLAGS.match(line):
        if "UP" not in match["flags"].split(","):
            block.amend(Shown("down", block.shown.link, block.shown.protocol), number)
    elif match := _BSD_STATUS.match(line):
        if block.shown.admin == "up":
            block.amend(Shown("up", "down"), number)
    elif not block.shown.link and (match := _FLAG_WORDS.match(line)):
        flags = match["flags"].split()
        block.amend(_from_flags(flags, "up" if "RUNNING" in flags else "down"), number)


def _from_flags(flags: list[str], state: str) -> Shown:
    if "UP" not in flags:
        return Shown(admin="down", link="down")
    return Shown(admin="up", link="no-carrier" if "NO-CARRIER" in flags else state)


def error_counters(document: Document) -> Iterator[ErrorCounters]:
    """Yield the counters with errors that stand below an interface's header, or in `/proc/net/dev`."""
    gathered: _Gathered | None = None
    for number in range(document.first, document.last):
        line = document.lines[number][:400]
        if match := _PROC_NET_DEV.match(line):
            yield from _gathered_of_proc(document, match, number).counters()
        opened = _open(line, number, None)
        if opened:
            if gathered:
                yield from gathered.counters()
            gathered = _Gathered(document, opened.name)
        elif gathered:
            gathered.take(line, number)
    if gathered:
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
            self._direction = "input" if match["direction"] == "RX" else "output"
        elif match := _OLD_ERRORS.match(line):
            direction = "input" if match["direction"] == "RX" else "output"
            self.add(f"{direction}_errors", int(match["errors"]), number)
        if "rror" in line or "acket" in line or "CRC" in line:
            self._take_phrases(line, number)

    def _take_phrases(self, line: str, number: int) -> None:
        for counter, pattern in _COUNTERS.items():
            for match in pattern.finditer(line):
                self.add(counter, int(next(filter(None, match.groups()))), number)

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
