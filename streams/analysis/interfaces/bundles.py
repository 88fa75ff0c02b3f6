"""Port channels and their members, from summaries that mark each with flags: `Po1(SD)  Gi0/1(D) Gi0/2(s)`."""

import re
from collections.abc import Iterator
from typing import Final

from streams.analysis.document import Document
from streams.analysis.interfaces.interface import Interface, LinkState

COMMANDS: Final = r"port-?channel|ether-?channel|\bpo\b.*\bsum"
"""The commands whose outputs are such summaries."""

_LEGEND: Final = re.compile(r"\bD\"?(?: - |-|: \")down\b", re.IGNORECASE)
_STANDS_FOR_SUSPENDED: Final = re.compile(r"\bS\"?(?: - |-|: \")[Ss]uspend")
_MARKED: Final = re.compile(r"(?<![\w/])(?P<name>[A-Za-z][A-Za-z-]*\d[\d/.]*)\((?P<flags>[A-Za-z+*^/-]+)\)")
_TEAM: Final = re.compile(r"^\s*\d+\s+(?P<name>PortChannel\d+)\s+\w+\(\w+\)\((?P<state>Up|Dw)\)")
_SUSPENDED: Final = re.compile(r"s(?:usp)?$")


def interfaces(document: Document) -> Iterator[Interface]:
    """Yield port channels and members in order, if the output explains its flags; of SONiC's the channels only."""
    yield from _teams(document)
    if _LEGEND.search(document.text) is None:
        return
    suspended = _STANDS_FOR_SUSPENDED.search(document.text) is not None
    for number in range(document.first, document.last):
        for match in _MARKED.finditer(document.lines[number][:400]):
            down = "D" in match["flags"] or _SUSPENDED.match(match["flags"]) is not None
            down = down or (suspended and match["flags"] == "S")
            state = LinkState.DOWN if down else LinkState.UP
            yield Interface(match["name"], state, f"flags {match['flags']}", document.quote(number) if down else None)


def _teams(document: Document) -> Iterator[Interface]:
    for number in range(document.first, document.last):
        if match := _TEAM.match(document.lines[number][:400]):
            state = LinkState.UP if match["state"] == "Up" else LinkState.DOWN
            quote = None if state is LinkState.UP else document.quote(number)
            yield Interface(match["name"], state, match["state"], quote)
