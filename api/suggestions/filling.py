"""Filling a form's placeholders with what the last command named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.command_form import PLACEHOLDER, Argument, kind_of

_NEIGHBOURS = frozenset({"neighbor", "neighbors", "neighbour", "neighbours", "peer"})
_PORTS = frozenset({"dev", "interface", "interfaces", "int"})


@dataclass(frozen=True, slots=True)
class Filled:
    """A command, and the kinds of its placeholders that nothing was found for."""

    command: str
    open: tuple[str, ...]


def fill_form(form: str, arguments: Sequence[Argument]) -> Filled:
    """Return the form with each placeholder replaced by the first fitting argument that no other has taken."""
    left = list(arguments)
    missing: list[str] = []

    def replace(match: re.Match[str]) -> str:
        before = form[: match.start()].split()
        fitting = next((one for one in left if _fits(one, match[1], before[-1].lower() if before else "")), None)
        if fitting is None:
            missing.append(match[1])
            return match[0]
        left.remove(fitting)
        return fitting.value

    command = PLACEHOLDER.sub(replace, form)
    return Filled(command, tuple(missing))


def _fits(argument: Argument, wanted: str, after: str) -> bool:
    """Whether an argument can stand where a placeholder of the kind `wanted` stands after the word `after`."""
    looks = kind_of(argument.value)
    if wanted == "host":
        return argument.kind == "host" or (looks == "address" and "/" not in argument.value)
    if wanted == "address":
        return looks == "address"
    if wanted == "interface" or (wanted == "name" and after in _PORTS):
        return looks == "interface" and (argument.kind == "interface" or argument.after in _PORTS)
    if wanted == "name" and after in _NEIGHBOURS:
        return looks == "address" and "/" not in argument.value
    if wanted in {"name", "port"}:
        return argument.kind == wanted and argument.after == after
    return wanted in {"mac", "url", "path"} and argument.kind == wanted
