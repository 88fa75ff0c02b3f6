"""The shape of parsed data: what stays the same while counters count, clocks tick and names differ.

It stands for an output that a parser read and no rule knows. Every word of it counts (`forwarding`, `Standby hot`),
so that another state is another shape; numbers count by being zero or not, shares of a whole by coarse classes, and
what differs from run to run (times, ages) or from device to device (names, addresses) not at all. Words that are
names in disguise only cost a miss.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

_LISTS: Final = (list, tuple)
_NUMBERS: Final = (int, float)
_PLAIN: Final = {int, float, bool, type(None)}
_MOST_VALUES: Final = 5000
_LONGEST_CACHED: Final = 60
_TELLS: Final = re.compile(r"stat(e|us)|reason|health|fault|alarm|result|mode|role|proto|type")
_VARIES: Final = re.compile(
    r"(^|[_-])(name|host|hostname|serial|sn|mac|ip|address|uuid|id|uptime|up|age|time|times|timestamp|date|since|timer"
    r"|expires?|last|epoch|utc|weekday|month|day|year|hours?|minutes?|seconds?|period|timezone|description|user|tty"
    r"|pid|ppid|neighbou?r|peer|interface|intf|port|version|image|duration|elapsed|command|cmd|args)s?$"
    r"|(^|[_-])(last|epoch|uptime|time|date)[_-]|(Time|Timestamp|Name|Id|Age|Uptime|Address|Date)$|^(time|last|up)[A-Z]"
)
_SHARE: Final = re.compile(r"percent|pct|util|usage|cpu|%", re.IGNORECASE)
_LOAD: Final = re.compile(r"load", re.IGNORECASE)
_SHARE_BOUNDS: Final = (50, 80, 95)
_LOAD_BOUNDS: Final = (4, 16, 64)
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?%?")
_WITH_DIGIT: Final = re.compile(r"[^\s,;()\[\]|]*\d[^\s,;()\[\]|]*")
_MASKED: Final = re.compile(r"#(?:[\s,;|]+#)+")


class _TooLargeError(Exception):
    """The data holds more values than a shape may cost."""


def shape_of(data: Any) -> tuple[str, ...] | None:
    """Return the shape of what a parser returned, in a canonical order; None for no data, or too much of it."""
    if not data:
        return None
    shape: set[str] = set()
    try:
        _Walk(shape).visit("", "", data)
    except (_TooLargeError, RecursionError):
        return None
    return tuple(sorted(shape))


class _Walk:
    """One pass over parsed data; whatever is found goes into `shape`."""

    def __init__(self, shape: set[str]) -> None:
        self._shape = shape
        self._left = _MOST_VALUES

    def visit(self, path: str, name: str, data: Any) -> None:
        self._spend(1)
        if isinstance(data, dict):
            self._members(path, data)
        elif isinstance(data, _LISTS):
            self._elements(path, name, data)
        else:
            self._shape.add(_leaf(path, name, data))

    def _spend(self, values: int) -> None:
        self._left -= values
        if self._left < 0:
            raise _TooLargeError

    def _members(self, path: str, data: dict[Any, Any]) -> None:
        if not data:
            self._shape.add(f"{path}={{}}")
        for key, value in data.items():
            name = str(key)
            self.visit(_below(path, name), name, value)

    def _elements(self, path: str, name: str, data: Sequence[Any]) -> None:
        self._shape.add(f"{path}[{min(len(data), 2)}]")
        if len(data) > 1 and isinstance(data[0], dict) and all(isinstance(row, dict) and row for row in data):
            self._table(path, data)
            return
        for value in data:
            self.visit(path, name, value)

    def _table(self, path: str, rows: Sequence[dict[Any, Any]]) -> None:
        """Visit each column's distinct values only: rows repeat each other."""
        for key, column in _columns(rows):
            name = str(key)
            self._column(_below(path, name), name, column)

    def _column(self, path: str, name: str, column: Sequence[Any]) -> None:
        kinds = set(map(type, column))
        values: Collection[Any]
        if kinds == {str}:
            values = _distinct_texts(name, column)
            self._spend(len(values))
        elif len(kinds) == 1 and kinds <= _PLAIN:
            values = set(column)
            self._spend(len(column))
        else:
            for value in column:
                self.visit(path, name, value)
            return
        self._shape.update([_leaf(path, name, value) for value in values])


def _columns(rows: Sequence[dict[Any, Any]]) -> Iterable[tuple[Any, Sequence[Any]]]:
    """Return the columns by name; most tables have the same ones in every row."""
    header = list(rows[0])
    if all(list(row) == header for row in rows):
        return zip(header, zip(*(row.values() for row in rows), strict=True), strict=True)
    columns: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        for key, value in row.items():
            columns[key].append(value)
    return columns.items()


def _distinct_texts(name: str, column: Sequence[str]) -> Collection[str]:
    """Return a column's distinct texts; where they vary anyway, one stands for all."""
    if not _varies(name):
        return set(column)
    return set(map(_presence, column))


def _leaf(path: str, name: str, value: Any) -> str:
    if not isinstance(value, str):
        return f"{path}={_value_class(name, value)}"
    if _varies(name):
        return f"{path}={_presence(value)}"
    return _cached_text_leaf(path, name, value) if len(value) <= _LONGEST_CACHED else _text_leaf(path, name, value)


def _presence(text: str) -> str:
    return "*" if text and not text.isspace() else ""


def _text_leaf(path: str, name: str, value: str) -> str:
    return f"{path}={_text_class(name, value.strip())}"


_cached_text_leaf = lru_cache(maxsize=16384)(_text_leaf)


def _text_class(name: str, text: str) -> str:
    if _NUMBER.fullmatch(text):
        return _number_class(name + ("%" if text[-1] == "%" else ""), float(text.rstrip("%")))
    return _MASKED.sub("#", _WITH_DIGIT.sub("#", text.lower()))


def _value_class(name: str, value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, _NUMBERS):
        return "*" if _varies(name) else _number_class(name, value)
    return type(value).__name__


def _number_class(name: str, number: float) -> str:
    kind, bounds = _bounds(name)
    if bounds:
        return f"{kind} {bisect_right(bounds, number)}"
    return "0" if not number else "n" if number > 0 else "-n"


@lru_cache(maxsize=4096)
def _bounds(name: str) -> tuple[str, tuple[int, ...]]:
    """Return what numbers of this name are, where their size tells something, and the bounds of its classes."""
    if _SHARE.search(name):
        return "share", _SHARE_BOUNDS
    return ("load", _LOAD_BOUNDS) if _LOAD.search(name) else ("", ())


@lru_cache(maxsize=4096)
def _varies(name: str) -> bool:
    """Whether the values of this name differ with time or device; never where it tells how something is."""
    return _VARIES.search(name) is not None and _TELLS.search(name) is None


@lru_cache(maxsize=16384)
def _below(path: str, name: str) -> str:
    """Return the path of a member; a name with a digit may be data (`Ethernet1`)."""
    return f"{path}.{_WITH_DIGIT.sub('#', name)}"
