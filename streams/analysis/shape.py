"""The shape of parsed data: what stays the same while counters count, clocks tick and names differ.

It stands for an output that a parser read and no rule knows. Every word of it counts (`forwarding`, `Standby hot`),
so that another state is another shape; numbers count by being zero or not, shares of a whole by coarse classes, and
what differs from run to run (times, ages) or from device to device (names, addresses) not at all. Words that are
names in disguise only cost a miss.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

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
        self._left -= 1
        if self._left < 0:
            raise _TooLargeError
        if isinstance(data, dict):
            self._members(path, data)
        elif isinstance(data, list | tuple):
            self._elements(path, name, data)
        else:
            self._shape.add(f"{path}={_value_class(name, data)}")

    def _members(self, path: str, data: dict[Any, Any]) -> None:
        if not data:
            self._shape.add(f"{path}={{}}")
        for key, value in data.items():
            name = str(key)
            self.visit(f"{path}.{_key_class(name)}", name, value)

    def _elements(self, path: str, name: str, data: Collection[Any]) -> None:
        self._shape.add(f"{path}[{min(len(data), 2)}]")
        if len(data) > 1 and all(isinstance(value, dict) and value for value in data):
            self._table(path, data)
            return
        for value in data:
            self.visit(path, name, value)

    def _table(self, path: str, rows: Collection[dict[Any, Any]]) -> None:
        """Visit each column's distinct values only: rows repeat each other."""
        columns: defaultdict[Any, list[Any]] = defaultdict(list)
        for row in rows:
            for key, value in row.items():
                columns[key].append(value)
        for key, column in columns.items():
            name = str(key)
            values = _distinct_texts(name, column) if all(isinstance(value, str) for value in column) else column
            for value in values:
                self.visit(f"{path}.{_key_class(name)}", name, value)


def _distinct_texts(name: str, column: list[str]) -> Collection[str]:
    """Return a column's distinct texts; where they vary anyway, one stands for all."""
    if not _varies(name):
        return set(column)
    return {"*" if value and not value.isspace() else "" for value in column}


def _value_class(name: str, value: Any) -> str:
    if isinstance(value, str):
        if len(value) <= _LONGEST_CACHED:
            return _cached_text_class(name, value)
        return _text_class(name, value)
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return "*" if _varies(name) else _number_class(name, float(value))
    return type(value).__name__


def _text_class(name: str, value: str) -> str:
    text = value.strip()
    if not text or _varies(name):
        return "*" if text else ""
    if _NUMBER.fullmatch(text):
        return _number_class(name + ("%" if text[-1] == "%" else ""), float(text.rstrip("%")))
    return _MASKED.sub("#", _WITH_DIGIT.sub("#", text.lower()))


_cached_text_class = lru_cache(maxsize=16384)(_text_class)


def _number_class(name: str, number: float) -> str:
    if _SHARE.search(name):
        return f"share {bisect_right(_SHARE_BOUNDS, number)}"
    if _LOAD.search(name):
        return f"load {bisect_right(_LOAD_BOUNDS, number)}"
    return "0" if not number else "n" if number > 0 else "-n"


@lru_cache(maxsize=4096)
def _varies(name: str) -> bool:
    """Whether the values of this name differ with time or device; never where it tells how something is."""
    return _VARIES.search(name) is not None and _TELLS.search(name) is None


@lru_cache(maxsize=4096)
def _key_class(name: str) -> str:
    """Return a member's name; one with a digit may be data (`Ethernet1`)."""
    return _WITH_DIGIT.sub("#", name)
