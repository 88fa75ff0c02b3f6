"""Walking a JSON answer, and finding again where its members stand in the text."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

Path = tuple[str | int, ...]

_SCALARS: Final = (str, int, float)
_CONTAINERS: Final = (dict, list)
_WRAPPING: Final = {"data", "attributes"}
_DECODER: Final = json.JSONDecoder()
_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


class Record(NamedTuple):
    """One object of a JSON answer and the keys and indexes that lead to it."""

    path: Path
    members: Mapping[str, Any]

    def lacks(self, names: Collection[str]) -> bool:
        """Whether the object has none of the members `names`."""
        return self.members.keys().isdisjoint(names)

    def text(self, *names: str) -> str:
        """Return the first of the members `names` that holds a scalar, as text; "" if none does."""
        for name in names:
            if value := scalar(self.members.get(name)):
                return value
        return ""

    def name_of(self, *names: str) -> str:
        """Return the first of the members `names` that holds a scalar, as the member's name."""
        for name in names:
            if scalar(self.members.get(name)):
                return name
        return ""

    @property
    def key(self) -> str:
        """The key that the object is held under, list indexes skipped."""
        for step in reversed(self.path):
            if isinstance(step, str):
                return step
        return ""


def scalar(value: Any) -> str:
    """Return a scalar as text, also in Junos' wrapping `[{"data": "up"}]`; "" for anything else."""
    if value is None:
        return ""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        value = value[0].get("data")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, _SCALARS) else ""


def records(data: Any) -> Iterator[Record]:
    """Yield every object in `data`, outer before inner, in the order of the text; a wrapped scalar is none."""
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        inner: Iterable[tuple[str | int, Any]]
        if isinstance(value, dict):
            yield Record(path, value)
            inner = value.items()
        elif isinstance(value, list):
            inner = enumerate(value)
        else:
            return
        found = [
            ((*path, step), each) for step, each in inner if isinstance(each, _CONTAINERS) and not _is_wrapped(each)
        ]
        waiting.extend(reversed(found))


def _is_wrapped(value: Any) -> bool:
    """Whether a value is a scalar in Junos' wrapping."""
    if len(value) != 1 or not isinstance(value, list) or not isinstance(value[0], dict):
        return False
    return isinstance(value[0].get("data"), _SCALARS) and value[0].keys() <= _WRAPPING


def member_spans(text: str, wanted: Collection[Path]) -> dict[Path, tuple[int, int]]:
    """Return where the members `wanted` stand in the JSON `text`: from the key's quote to the value's end.

    Those behind a value that is nested to the interpreter's limit are not found.
    """
    around = {path[:length] for path in wanted for length in range(len(path))}
    found: dict[Path, tuple[int, int]] = {}
    with suppress(RecursionError):
        found.update((path, span) for path, span in _members(text, around) if path in wanted)
    return found


def _members(text: str, around: Collection[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Yield the members of the containers `around`; what is in others is passed over at the decoder's speed."""
    path: list[str | int] = []
    starts: list[int] = []
    key, start, expects_key, end = "", 0, False, 0
    while token := _TOKEN.search(text, end):
        mark, end = token[0], token.end()
        if mark in "{[":
            begin = start if key else token.start()
            here = tuple(path)
            if here not in around:
                end = _DECODER.raw_decode(text, token.start())[1]
                yield here, (begin, end)
            else:
                starts.append(begin)
                path.append(0 if mark == "[" else "")
                expects_key = mark == "{"
            key = ""
        elif mark in "}]":
            path.pop()
            yield tuple(path), (starts.pop(), end)
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
                yield tuple(path), (start if key else token.start(), end)
                key = ""


def _unquote(literal: str) -> str:
    return str(json.loads(literal)) if "\\" in literal else literal[1:-1]
