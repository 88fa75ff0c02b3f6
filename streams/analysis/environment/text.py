"""Components from text: tables with a state a row, sentences, and blocks that name a part above its state."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.document import Document
from streams.analysis.environment.component import Component, reports_absence, trouble

_HEADING: Final = re.compile(r"\b(?:thresh\w*|limits?|legend|redundancy|configured)\b", re.IGNORECASE)
_PART: Final = re.compile(
    r"\b(?:power[ -]?suppl\w*|psu?\d*|pwr\d*|pem|psm|fans?\d*|fan[ -]?tray\w*|temp(?:erature)?s?|thermal|sensors?)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_CLASSES: Final = frozenset({"Temp", "Fans", "Power", "Misc"})
_CELLS: Final = re.compile(r"\s{2,}|\s*\|\s*|\t")
_TAIL: Final = re.compile(r"(?:\s+(?:is|are)|[\s.:,=-])+$")
_STATE_ONLY: Final = re.compile(r"^(?:[\w ]*\b)?(?:state|status)$", re.IGNORECASE)
_BLOCK: Final = re.compile(
    r"^\s*(?P<name>[A-Za-z][\w /.-]*?)(?:(?: Value)?\s*:\s*[-+\d].*|\s*:\s*| info\w*\s*:?)$", re.IGNORECASE
)
_SWITCH_FANS: Final = re.compile(r"^\s*Switch\s+FAN\s", re.IGNORECASE)
_TWO_NUMBERS: Final = re.compile(r"^\s*(\d+)\s+(\d+)\s")
_FLAG_HEADER: Final = re.compile(r"\b(?:Alarm|Warning)\b")
_FLAG_ROW: Final = re.compile(r"^\s*(?P<name>\S.*?)\s{2,}(?:.*\s)?(?P<flag>True|False)\b(?P<rest>.*)$")
_IPMI: Final = re.compile(r"^(?P<name>[^|]+?)\s*\|[^|]*\|(?:[^|]*\|)?\s*(?P<state>l?cr|ucr|l?nr|unr|lc|uc)\s*(?:\||$)")
_CHECK: Final = re.compile(r"\b(?P<name>(?:Power Supply|PEM|PSM|PSU) \d+)\s+(?P<state>Check)\s*$")
_LONGEST_NAME: Final = 6


@dataclass(slots=True)
class _Context:
    """What the lines above say about a line: the part a block is about, and the table it stands in."""

    block: str = ""
    of_switch_fans: bool = False
    of_flags: bool = False

    def read(self, line: str) -> None:
        """Take over a heading."""
        if not line.strip():
            self.of_switch_fans = self.of_flags = False
        elif _SWITCH_FANS.match(line):
            self.of_switch_fans = True
        elif _FLAG_HEADER.search(line) and not _FLAG_ROW.match(line):
            self.of_flags = True
        elif (match := _BLOCK.match(line)) and not _STATE_ONLY.match(match["name"]):
            self.block = match["name"].strip()


def components(document: Document, *, named_only: bool) -> Iterator[Component]:
    """Yield what `document` reports as faulty or absent, in order.

    `named_only` leaves out lines that name no fan, supply or sensor: for lists of all kinds of hardware.
    """
    context = _Context()
    for number in range(document.first, document.last):
        line = document.lines[number][:300]
        context.read(line)
        found = _flagged(line, context) or _told(line, context)
        if found and (not named_only or _PART.search(line)):
            name, state = found
            yield Component(name, state, document.quote(number), reports_absence(state))


def _flagged(line: str, context: _Context) -> tuple[str, str] | None:
    """Return name and state of a row whose state is a flag or a code rather than words."""
    if context.of_flags and (match := _FLAG_ROW.match(line)):
        cells = _CELLS.split(match["name"])
        name = cells[1] if len(cells) > 1 else cells[0]
        if match["rest"].strip() == "False":
            return name, "not inserted"
        return (name, "alarm") if match["flag"] == "True" else None
    match = _IPMI.match(line) or _CHECK.search(line)
    return (match["name"].strip(), match["state"]) if match else None


def _told(line: str, context: _Context) -> tuple[str, str] | None:
    """Return name and state of a line that tells its state in words."""
    match = trouble(line)
    if match is None or _HEADING.search(line):
        return None
    if context.of_switch_fans and (numbers := _TWO_NUMBERS.match(line)):
        return f"Switch {numbers[1]} FAN {numbers[2]}", match[0]
    name = _name(line[: match.start()])
    if _STATE_ONLY.match(name):
        name = context.block
    return (name, match[0]) if name else None


def _name(before: str) -> str:
    """Return the name in the text before a state: the first cell, or its first word if that holds a digit."""
    cells = [cell for cell in _CELLS.split(before.strip()) if cell]
    if len(cells) > 1 and cells[0] in _CLASSES:
        cells = cells[1:]
    words = _TAIL.sub("", cells[0]).split() if cells else []
    if not words:
        return ""
    keyed = any(character.isdigit() for character in words[0]) and ":" not in cells[0]
    return _TAIL.sub("", " ".join(words[:1] if keyed else words[:_LONGEST_NAME]))
