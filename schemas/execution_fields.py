"""An execution as people and recordings write it: the fields of a JSON object.

Where recordings commonly call a field otherwise than CommandExecuted does, that name is taken too: `platform` for
os_type, a `status` of 0 or 200 for OK and any other number for FAILED, an output that is no string for the JSON
document it is. Fields that nobody asks for are left alone.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, cast, get_args

from schemas.event import ExecutionStatus

_STATUSES: Final = frozenset(get_args(ExecutionStatus))
_GOOD_NUMBERS: Final = frozenset({0, 200})


class ExecutionFields:
    """Reads each field as what it must be; `error` makes what is raised where it is not, from words for people."""

    def __init__(self, fields: Mapping[str, Any], *, error: Callable[[str], Exception]) -> None:
        self._fields = fields
        self._error = error

    def value(self, name: str) -> object:
        """Return what stands there, None where nothing does."""
        return self._fields.get(name)

    def text(self, name: str) -> str:
        """Return a text, empty where there is none."""
        value = self._fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._error(f"`{name}` is no text")
        return _whole(value)

    def required(self, name: str) -> str:
        """Return a text that may not be empty."""
        value = self.text(name)
        if not value:
            raise self._error(f"`{name}` is missing")
        return value

    def integer(self, name: str) -> int | None:
        """Return a whole number."""
        value = self._fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._error(f"`{name}` is no integer")
        return value

    def flag(self, name: str) -> bool:
        """Return whether a field is true."""
        return self._fields.get(name) is True

    def texts(self, name: str) -> Mapping[str, str]:
        """Return an object of texts."""
        value = self._fields.get(name) or {}
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise self._error(f"`{name}` is no object of texts")
        return value

    def os_type(self) -> str:
        """Return the operating system's name, empty where none is given."""
        return self.text("os_type") or self.text("platform")

    def output(self) -> str | None:
        """Return the output as text, None where there is none."""
        value = self._fields.get("output")
        if value is None:
            return None
        return _whole(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))

    def status(self) -> ExecutionStatus:
        """Return how the execution ended; where it does not say, what the exit code says."""
        value = self._fields.get("status")
        if value is None:
            return status_of(self.integer("exit_code"))
        if isinstance(value, str) and value in _STATUSES:
            return cast("ExecutionStatus", value)
        if isinstance(value, int):
            return "OK" if value in _GOOD_NUMBERS else "FAILED"
        raise self._error("`status` is neither a number nor one of " + ", ".join(sorted(_STATUSES)))


def status_of(exit_code: int | None) -> ExecutionStatus:
    """Return what an exit code alone says of how an execution ended."""
    if exit_code is None:
        return "UNKNOWN"
    return "OK" if exit_code == 0 else "FAILED"


def _whole(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode()
