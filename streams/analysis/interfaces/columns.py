"""Interfaces from tables that no template read: by the words of the table's own header."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.document import Document
from streams.analysis.interfaces.interface import ErrorCounters, Interface, LinkState, Shown, link_state

_FIRST: Final = frozenset({"interface", "port", "iface", "intf", "ifname"})
_NAMES: Final = _FIRST | {"name"}
_ADMIN: Final = frozenset({"admin", "adm", "enabled"})
_LINK: Final = frozenset({"link", "oper", "physical", "phy", "status", "state"})
_PROTOCOL: Final = frozenset({"protocol", "proto", "line-protocol"})
_PAIRS: Final = frozenset({"admin/oper", "admin/link", "status/protocol"})
_INPUT_ERRORS: Final = frozenset({"rx_err", "rx-err", "rcv-err", "fcs-err", "align-err", "fcs", "align", "symbol"})
_OUTPUT_ERRORS: Final = frozenset({"tx_err", "tx-err", "xmit-err"})
_INPUT_PACKETS: Final = frozenset({"rx_ok", "rx-ok"})
_OUTPUT_PACKETS: Final = frozenset({"tx_ok", "tx-ok"})
_RULE: Final = re.compile(r"^[\s+|]*-{2,}[\s+|-]*$")
_DASHES: Final = re.compile(r"-+")
_WORD: Final = re.compile(r"\S+")
_STATES: Final = re.compile(
    r"^(?:up|down|dn|connected|notconnec\w*|disabled|adm\w*|err-?disabled?|errdis\w*|inactive|suspended|shutdown"
    r"|yes|no|enabled?|disable|xcvrabsen\w*|sfpabsent|trunk|routed|monitorin\w*|channeldo\w*|noopermem\w*|faulty"
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
        if len(words) == len(self.names):
            return words
        return [line[start:end].strip() for start, end in zip(self.starts, (*self.starts[1:], None), strict=True)]


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
    for number in range(document.first, document.last):
        line = document.lines[number][:400]
        if not line.strip():
            header = None
        elif opened := _header(line, document.lines[number + 1] if number + 1 < document.last else ""):
            header = opened
        elif header and not _RULE.match(line):
            yield number, header.cells(line)


def _header(line: str, below: str) -> _Header | None:
    """Return the header that `line` is, if its first columns are an interface, or Cumulus' state and name."""
    words = [match[0].lower() for match in _WORD.finditer(line)]
    if len(words) < 2 or (_FIRST.isdisjoint(words[:2]) and words[:2] != ["state", "name"]):
        return None
    spans = [match.span() for match in _DASHES.finditer(below)] if _RULE.match(below) else []
    if len(spans) > 1:
        names = tuple(line[start:end].strip().lower() for start, end in spans)
        return _Header(names, tuple(start for start, _ in spans), tuple(end for _, end in spans))
    return _Header(tuple(words), tuple(match.start() for match in _WORD.finditer(line)))


def _shown(cells: dict[str, str]) -> Shown:
    pair = _first(cells, _PAIRS)
    if "/" in pair:
        first, _, second = pair.partition("/")
        return Shown(admin=first, link=second)
    return Shown(_first(cells, _ADMIN), _first(cells, _LINK), _first(cells, _PROTOCOL))


def _first(cells: dict[str, str], names: frozenset[str]) -> str:
    return next((cell for name, cell in cells.items() if name in names and cell), "")


def _most(cells: dict[str, str], names: frozenset[str]) -> int:
    """Return the largest of the counters `names`: some count what others count in detail."""
    numbers = (cell.replace(",", "") for name, cell in cells.items() if name in names)
    return max((int(number) for number in numbers if number.isdecimal()), default=0)
