"""Components from text: tables with a state a row, sentences, and blocks that name a part above its state."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.document import Document
from streams.analysis.environment.component import Component, reports_absence, trouble

_HEADING: Final = re.compile(r"\b(?:thresh\w*|limits?|legend|redundancy|configured)\b", re.IGNORECASE)
_PART: Final = re.compile(
    r"\b(?:power[ -]?suppl\w*|power(?= \d+:)|psu?\d*|pwr\d*|pem|psm|fans?\d*|fan[ -]?tray\w*|temp(?:erature)?s?"
    r"|thermal|sensors?)(?![a-z])",
    re.IGNORECASE,
)
_CELLS: Final = re.compile(r"\s{2,}|\s*\|\s*|\t")
_TAIL: Final = re.compile(r"(?:\s+(?:is|are)|[\s.:,=-])+$")
_STATE_ONLY: Final = re.compile(r"^(?P<of>[\w ]*?) ?(?:state|status)$", re.IGNORECASE)
_VAGUE: Final = frozenset({"", "temperature", "system", "current"})
_BLOCK: Final = re.compile(
    r"^\s*(?P<name>[A-Za-z][\w /.-]*?)(?:(?: Value)?\s*:\s*[-+\d].*|\s*:\s*| info\w*\s*:?)$", re.IGNORECASE
)
_SWITCH_FANS: Final = re.compile(r"^\s*Switch\s+FAN\s", re.IGNORECASE)
_SLOTS: Final = re.compile(r"^\s*Slot\s+Sensor\s", re.IGNORECASE)
_NO_ALARMS: Final = re.compile(r"^\s*Number of \w+ alarms:\s*0\s*$", re.IGNORECASE)
_TWO_NUMBERS: Final = re.compile(r"^\s*(\d+)\s+(\d+)\s")
_FLAG_HEADER: Final = re.compile(r"\b(?:Alarm|Warning)\b")
_FLAG_ROW: Final = re.compile(r"^\s*(?P<before>\S.*?)\s+(?P<flag>True|False)\b(?P<rest>.*)$")
_IPMI: Final = re.compile(r"^(?P<name>[^|]+?)\s*\|[^|]*\|(?:[^|]*\|)?\s*(?P<state>l?cr|ucr|l?nr|unr|lc|uc)\s*(?:\||$)")
_CHECK: Final = re.compile(r"\b(?P<name>(?:Power Supply|PEM|PSM|PSU) \d+)\s+(?P<state>Check)\s*$")
_PART_CELL: Final = re.compile(
    r"(?:fan(?: ?tray)?|psu?|pem|psm|power supply|temperature sensor)[ _-]?#?\d", re.IGNORECASE
)
_CLASS_HEADER: Final = re.compile(r"^Class Item +Status\b")
_CLASS_WIDTH: Final = 6
_READING: Final = re.compile(r":\s*[-+]?\d.*$")
_LONGEST_NAME: Final = 6
_WELL: Final = re.compile(r"(?<![\w-])(?:ok|normal|good|green|powered-up|operational)(?![\w-])", re.IGNORECASE)
_UNCERTAIN: Final = re.compile(
    r"(?<![\w-])(?:check|testing|warning|unknown|minor|major|critical|degraded)(?![\w-])", re.IGNORECASE
)


@dataclass(slots=True)
class _Context:
    """What the lines above say about a line: the part a block is about, and the table it stands in.

    `of_classes` is Junos' table, whose first column names the class of parts until the next class; `of_slots` is
    IOS-XE's, where slot and sensor together name a part.
    """

    block: str = ""
    of_classes: bool = False
    part_class: str = ""
    of_switch_fans: bool = False
    of_slots: bool = False
    of_flags: bool = False

    def read(self, line: str) -> None:
        """Take over a heading."""
        if self.of_classes:
            self.part_class = line[:_CLASS_WIDTH].strip() or self.part_class
        elif not line.strip():
            self.of_switch_fans = self.of_slots = self.of_flags = False
        elif _CLASS_HEADER.match(line):
            self.of_classes = True
        elif _SWITCH_FANS.match(line):
            self.of_switch_fans = True
        elif _SLOTS.match(line):
            self.of_slots = True
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


def reported_well(document: Document) -> int:
    """Return how many lines report a part that is well; 0 if one of them is of uncertain meaning."""
    body = [line[:300] for line in document.body if not (_HEADING.search(line) or _NO_ALARMS.match(line))]
    if any(_UNCERTAIN.search(line) for line in body):
        return 0
    return sum(_WELL.search(line) is not None for line in body)


def _flagged(line: str, context: _Context) -> tuple[str, str] | None:
    """Return name and state of a row whose state is a flag or a code rather than words."""
    if context.of_flags and (match := _FLAG_ROW.match(line)):
        cells = _CELLS.split(match["before"])
        name = next(cell for cell in (*cells[1:2], cells[0]) if cell is cells[0] or cell[:1].isalpha())
        if match["rest"].strip() == "False":
            return name, "not inserted"
        return (name, "alarm") if match["flag"] == "True" else None
    match = _IPMI.match(line) or (_CHECK.search(line) if context.part_class == "Power" else None)
    return (match["name"].strip(), match["state"]) if match else None


def _told(line: str, context: _Context) -> tuple[str, str] | None:
    """Return name and state of a line that tells its state in words."""
    match = trouble(line)
    if match is None or _HEADING.search(line):
        return None
    if context.of_switch_fans and (numbers := _TWO_NUMBERS.match(line)):
        return f"Switch {numbers[1]} FAN {numbers[2]}", match[0]
    if context.of_slots:
        return " ".join(line[: match.start()].split()), match[0]
    name = _name(line[_CLASS_WIDTH if context.of_classes else 0 : match.start()])
    if stated := _STATE_ONLY.match(name):
        name = stated["of"] if stated["of"].lower() not in _VAGUE else context.block
    return (name, match[0]) if name else None


def _name(before: str) -> str:
    """Return the name in the text before a state: the cell that names a part, else the first one.

    Of a cell that begins with a key such as `1A` or `Fan2(sys_fan2)` the key is the name.
    """
    cells = [_READING.sub("", cell) for cell in _CELLS.split(before.strip()) if cell]
    if not cells:
        return ""
    cell = next((cell for cell in cells if _PART_CELL.match(cell)), cells[0])
    words = _TAIL.sub("", cell).split()
    keyed = bool(words) and any(character.isdigit() for character in words[0]) and ":" not in cell
    return _TAIL.sub("", " ".join(words[:1] if keyed else words[:_LONGEST_NAME]))
