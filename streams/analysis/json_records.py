"""Walking a JSON answer, and finding again where its members stand in the text."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Path = tuple[str | int, ...]

_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Record:
    """One object of a JSON answer and the keys and indexes that lead to it."""

    path: Path
    members: Mapping[str, Any]

    def lacks(self, names: Collection[str]) -> bool:
        """Whether the object has none of the members `names`."""
        return self.members.keys().isdisjoint(names)

    def text(self, *names: str) -> str:
        """Return the first of the members `names` that holds a scalar, as text; "" if none does."""
        for name in names:
            value = scalar(self.members.get(name))
            if value:
                return value
        return ""

    def name_of(self, *names: str) -> str:
        """Return the first of the members `names` that holds a scalar, as the member's name."""
        return next((name for name in names if scalar(self.members.get(name))), "")

    @property
    def key(self) -> str:
        """The key that the object is held under, list indexes skipped."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")


def scalar(value: Any) -> str:
    """Return a scalar as text, also in Junos' wrapping `[{"data": "up"}]`; "" for anything else."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        value = value[0].get("data")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, str | int | float) else ""


def records(data: Any) -> Iterator[Record]:
    """Yield every object in `data`, outer before inner, in the order of the text."""
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            yield Record(path, value)
            inner = [((*path, name), each) for name, each in value.items() if isinstance(each, dict | list)]
        elif isinstance(value, list):
            inner = [((*path, index), each) for index, each in enumerate(value) if isinstance(each, dict | list)]
        else:
            return
        waiting.extend(reversed(inner))


def member_spans(text: str, wanted: Collection[Path]) -> dict[Path, tuple[int, int]]:
    """Return where the members `wanted` stand in the JSON `text`: from the key's quote to the value's end."""
    return {path: span for path, span in _members(text) if path in wanted}


def _members(text: str) -> Iterator[tuple[Path, tuple[int, int]]]:
    path: list[str | int] = []
    starts: list[int] = []
    key, start, expects_key = "", 0, False
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "{[":
            starts.append(start if key else token.start())
            path.append(0 if mark == "[" else "")
            key, expects_key = "", mark == "{"
        elif mark in "}]":
            path.pop()
            yield tuple(path), (starts.pop(), token.end())
        elif mark == ",":
            step = path[-1] if path else ""
            expects_key = isinstance(step, str)
            if isinstance(step, int):
                path[-1] = step + 1
            key = ""
        elif mark != ":":
            if expects_key:
                key, start, expects_key = mark, token.start(), False
                path[-1] = _unquote(mark)
            else:
                yield tuple(path), (start if key else token.start(), token.end())
                key = ""


def _unquote(literal: str) -> str:
    return str(json.loads(literal)) if "\\" in literal else literal[1:-1]
