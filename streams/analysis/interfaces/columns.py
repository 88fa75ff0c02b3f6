"""Interfaces from tables that no template read: by the words of the table's own header."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.document import Document
from streams.analysis.interfaces.interface import ErrorCounters, Interface, LinkState, Shown, link_state

_FIRST: Final = frozenset({"interface", "port", "iface", "intf", "ifname", "ethernet", "port-channel", "ch"})
_NAMES: Final = _FIRST | {"name", "num"}
_ADMIN: Final = frozenset({"admin", "adm", "enabled", "admin-status"})
_LINK: Final = frozenset({"link", "oper", "operate", "physical", "phy", "status", "state", "link-status"})
_PROTOCOL: Final = frozenset({"protocol", "proto", "line-protocol"})
_PAIRS: Final = frozenset({"admin/oper", "admin/link", "status/protocol"})
_REASON: Final = frozenset({"reason"})
_INPUT_ERRORS: Final = frozenset(
    {"rx_err", "rx-err", "rcv-err", "fcs-err", "align-err", "fcs", "align", "symbol", "inerrors"}
)
_OUTPUT_ERRORS: Final = frozenset({"tx_err", "tx-err", "xmit-err", "outerrors"})
_INPUT_PACKETS: Final = frozenset({"rx_ok", "rx-ok"})
_OUTPUT_PACKETS: Final = frozenset({"tx_ok", "tx-ok"})
_TELLING: Final = _ADMIN | _LINK | _PROTOCOL | _PAIRS | _INPUT_ERRORS | _OUTPUT_ERRORS
_RULE: Final = re.compile(r"^[\s+|]*-{2,}[\s+|-]*$")
_DASHES: Final = re.compile(r"-+")
_WORD: Final = re.compile(r"\S+")
_MOST_HEADER_LINES: Final = 3
_STATES: Final = re.compile(
    r"^[*^!]?(?:up|down|dn|connected|notconnec\w*|disabled|adm\w*|err-?disabled?|errdis\w*|inactive|suspended|shutdown"
    r"|yes|no|enabled?|disable|deleted|reset|not present"
    r"|xcvrabsen\w*|sfpabsent|trunk|routed|monitorin\w*|channeldo\w*|noopermem\w*|faulty"
    r"|\w*(?:flap|inval|fail|peerl|udld|suspnd|bpdu|errvlan)\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Header:
    """A table's columns: their names in lower case and where each begins; `ends` only if a rule below shows it."""

    names: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...] = ()

    def cells(self, line: str) -> dict[str, str]:
        """Return the cells of `line` by column; the first of columns with the same name."""
        cells: dict[str, str] = {}
        for name, cell in zip(self.names, self._split(line), strict=False):
            cells.setdefault(name, cell)
        return cells

    def _split(self, line: str) -> list[str]:
        if self.ends:
            return [line[start:end].strip() for start, end in zip(self.starts, self.ends, strict=True)]
        words = line.split()
        if len(words) == len(self.names) and self._cuts_a_word(line):
            return words
        return [line[start:end].strip() for start, end in zip(self.starts, (*self.starts[1:], None), strict=True)]

    def _cuts_a_word(self, line: str) -> bool:
        return any(
            len(line[start - 1 : start + 1].split()) == 1 and " " not in line[start - 1 : start + 1]
            for start in self.starts[1:]
        )


def interfaces(document: Document) -> Iterator[Interface]:
    """Yield the interfaces of the tables whose headers name a state, in order."""
    for number, cells in _rows(document):
        name, shown = _first(cells, _NAMES), _shown(cells)
        state = link_state(shown) if _is_known(shown) else None
        if name and state is not None:
            quote = None if state is LinkState.UP else document.quote(number)
            yield Interface(name, state, str(shown), quote)


def are_understood(document: Document) -> bool:
    """Whether every row that shows a state shows a known one."""
    shown = (_shown(cells) for _, cells in _rows(document))
    return all(_is_known(each) for each in shown if each.link or each.protocol)


def _is_known(shown: Shown) -> bool:
    return _STATES.match(shown.link or shown.protocol) is not None


def error_counters(document: Document) -> Iterator[ErrorCounters]:
    """Yield the counters with errors of the tables whose headers count them, in order."""
    for number, cells in _rows(document):
        name = _first(cells, _NAMES)
        input_errors, output_errors = _most(cells, _INPUT_ERRORS), _most(cells, _OUTPUT_ERRORS)
        if name and input_errors + output_errors:
            packets = _most(cells, _INPUT_PACKETS), _most(cells, _OUTPUT_PACKETS)
            yield ErrorCounters(name, input_errors, output_errors, *packets, quote=document.quote(number))


def _rows(document: Document) -> Iterator[tuple[int, dict[str, str]]]:
    header: _Header | None = None
    above: list[str] = []
    for number in range(document.first, document.last):
        line = document.lines[number][:400]
        if not line.strip():
            header, above = None, []
        elif _RULE.match(line):
            header = _ruled(above, line) or header
        elif opened := _worded(line, above[-1] if above else ""):
            header = opened
        elif header:
            yield number, header.cells(line)
        above = [*above[1 - _MOST_HEADER_LINES :], line]


def _worded(line: str, above: str) -> _Header | None:
    """Return the header that `line` is, if its first columns are an interface, or Cumulus' state and name.

    VOSS writes `PORT` above `NUM`.
    """
    words = [match[0].lower() for match in _WORD.finditer(line)]
    is_port_number = words[:1] == ["num"] and above.lower().startswith("port")
    names_interfaces = is_port_number or not _FIRST.isdisjoint(words[:2]) or words[:2] == ["state", "name"]
    telling = [word for word in words if word in _TELLING]
    if not names_interfaces or not telling or len(telling) > len(set(telling)) or words.count("interface") > 1:
        return None
    return _Header(tuple(words), tuple(match.start() for match in _WORD.finditer(line)))


def _ruled(above: list[str], rule: str) -> _Header | None:
    """Return the header of the lines `above` a rule that shows its columns: `-----  ------`."""
    spans = [match.span() for match in _DASHES.finditer(rule)]
    names = tuple(_column(above, start, end) for start, end in spans)
    if len(spans) < 2 or (_FIRST.isdisjoint(names[:2]) and names[:2] != ("state", "name")):
        return None
    return _Header(names, tuple(start for start, _ in spans), tuple(end for _, end in spans))


def _column(above: list[str], start: int, end: int) -> str:
    """Return what a column is, told by its words in the lines `above`: `Admin` over `State` is administrative."""
    words = [word.lower() for line in above for word in line[start:end].split()]
    for telling in (_FIRST, _ADMIN, _PAIRS):
        found = next((word for word in words if word in telling), "")
        if found:
            return found
    return next((word for word in words if word in _NAMES | _TELLING), " ".join(words))


def _shown(cells: dict[str, str]) -> Shown:
    pair = _first(cells, _PAIRS)
    if "/" in pair:
        first, _, second = pair.partition("/")
        return Shown(admin=first, link=second)
    link, reason = _first(cells, _LINK), _first(cells, _REASON)
    if reason.lower() not in {"", "none", "--"}:
        link = f"{link} ({reason})"
    return Shown(_first(cells, _ADMIN), link, _first(cells, _PROTOCOL))


def _first(cells: dict[str, str], names: frozenset[str]) -> str:
    return next((cell for name, cell in cells.items() if name in names and cell), "")


def _most(cells: dict[str, str], names: frozenset[str]) -> int:
    """Return the largest of the counters `names`: some count what others count in detail."""
    numbers = (cell.replace(",", "") for name, cell in cells.items() if name in names)
    return max((int(number) for number in numbers if number.isdecimal()), default=0)
