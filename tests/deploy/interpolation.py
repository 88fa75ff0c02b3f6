"""Compose's variable interpolation, as far as the compose file uses it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::(?P<operator>[-?])(?P<operand>[^}]*))?\}")


@dataclass(frozen=True, slots=True)
class Variable:
    """One `${NAME:-default}` or `${NAME:?message}` in the file."""

    name: str
    default: str | None
    required: bool


def variables(text: str) -> set[Variable]:
    """Every variable of the text."""
    return {
        Variable(
            name=match["name"],
            default=match["operand"] if match["operator"] == "-" else None,
            required=match["operator"] == "?",
        )
        for match in _VARIABLE.finditer(text)
        if match["name"]
    }


def interpolated(value: Any, given: Mapping[str, str]) -> Any:
    """Return parsed YAML with every variable replaced.

    Raises:
        KeyError: a variable without default is not given.

    """
    if isinstance(value, dict):
        return {key: interpolated(item, given) for key, item in value.items()}
    if isinstance(value, list):
        return [interpolated(item, given) for item in value]
    if isinstance(value, str):
        return _VARIABLE.sub(lambda match: _replacement(match, given), value)
    return value


def _replacement(match: re.Match[str], given: Mapping[str, str]) -> str:
    name = match["name"]
    if name is None:
        return "$"
    if given.get(name):
        return given[name]
    if match["operator"] == "-":
        return str(match["operand"])
    raise KeyError(name)
