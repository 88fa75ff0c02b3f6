"""The same rows in another order, and one more row of a thing that is well."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from streams.analysis import Execution

_UNORDERED: Final = re.compile(
    r"\bdf\b|storage|\barp\b|neigh|summ?|\bsum\b|brief|status|route\b|mac|interfaces? desc|proc/net/dev|ip link"
)
_FIRST_WORD: Final = re.compile(
    r"(?P<address>(?:\d{1,3}\.){3}\d{1,3})|(?P<device>/dev/\S+|tmpfs)|(?P<interface>[A-Z][A-Za-z-]*\d+(?:/\d+)*)"
)
_UNWELL: Final = re.compile(
    r"\b(?:down|disabled?|notconn\w*|err\S*|idle|active|connect|failed|incomplete|shut\w*|inactive|sfpabsent"
    r"|xcvrabsen\w*|absent|unassigned|nooper\w*|no)\b|\b(?:8[5-9]|9\d|100)%",
    re.IGNORECASE,
)
_PREFIX: Final = re.compile(r"\*?[\d.]+/\d+ ")
_LAST_DIGIT: Final = re.compile(r"\d(?=\D*$)")
_FEWEST: Final = 3

LineChange = Callable[[list[str], Random], list[str] | None]
DataChange = Callable[[Any, Random], Any]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A change of the rows of a table whose order means nothing."""

    name: str
    change: LineChange
    keeps: bool = True

    def apply(self, execution: Execution, random: Random) -> Execution | None:
        """Return the execution with the rows of its longest table changed, None where it has none."""
        if not _UNORDERED.search(execution.command.lower()):
            return None
        lines = execution.output.split("\n")
        start, end = max(_tables(lines), key=lambda span: span[1] - span[0], default=(0, 0))
        rows = self.change(lines[start:end], random) if end - start >= _FEWEST else None
        if rows is None or rows == lines[start:end]:
            return None
        return replace(execution, output="\n".join([*lines[:start], *rows, *lines[end:]]))


def _tables(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of neighbouring lines that begin alike and have as many words."""
    start, shape = 0, None
    for number, line in enumerate([*lines, ""]):
        current = _shape(line)
        if current != shape or current is None:
            if shape is not None:
                yield start, number
            start, shape = number, current


def _shape(line: str) -> tuple[str, int] | None:
    match = _FIRST_WORD.match(line)
    return (match.lastgroup or "", len(line.split())) if match else None


def _shuffled(rows: list[str], random: Random) -> list[str]:
    return random.sample(rows, len(rows))


def _one_more(rows: list[str], random: Random) -> list[str] | None:
    """Return the rows and a healthy one again under another name."""
    well = [row for row in rows if not (_UNWELL.search(row) or _PREFIX.match(row))]
    if not well:
        return None
    row = random.choice(well)
    name = row.split()[0]
    return [*rows, row.replace(name, _LAST_DIGIT.sub("7", name, count=1) + "9", 1)]


@dataclass(frozen=True, slots=True)
class JsonChange:
    """A change of the data of a JSON output."""

    name: str
    change: DataChange
    keeps: bool = True

    def apply(self, execution: Execution, random: Random) -> Execution | None:
        """Return the execution with its data changed, None where it is no JSON or there is nothing to change."""
        if not execution.output.lstrip().startswith(("{", "[")):
            return None
        try:
            data = json.loads(execution.output)
        except ValueError:
            return None
        changed = self.change(data, random)
        return None if changed is None else replace(execution, output=json.dumps(changed, indent=2))


def _reordered(data: Any, random: Random) -> Any:
    if isinstance(data, dict):
        names = random.sample(list(data), len(data))
        return {name: _reordered(data[name], random) for name in names}
    if isinstance(data, list):
        return [_reordered(each, random) for each in random.sample(data, len(data))]
    return data


def _one_more_member(data: Any, random: Random) -> Any:
    """Return the data with a healthy member of its first table again under another name; None without a table."""
    if not isinstance(data, dict):
        return None
    well = [name for name, value in data.items() if isinstance(value, dict) and not _UNWELL.search(json.dumps(value))]
    if len(well) == len(data) >= _FEWEST and all(any(map(str.isdigit, name)) for name in well):
        name = random.choice(well)
        return data | {_LAST_DIGIT.sub("7", name, count=1) + "9": data[name]}
    for name, value in data.items():
        changed = _one_more_member(value, random)
        if changed is not None:
            return data | {name: changed}
    return None


ROW_CHANGES: Final = (
    RowChange("order of rows", _shuffled),
    RowChange("one more healthy row", _one_more),
    JsonChange("order of JSON members and elements", _reordered),
    JsonChange("one more healthy JSON member", _one_more_member),
)
"""Changes of rows that keep every finding."""
