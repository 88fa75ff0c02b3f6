"""Other names for the same things, the same everywhere in an execution."""

import re
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from streams.analysis import Execution

_ADDRESS: Final = re.compile(
    r"(?<![\d.])(?P<net>(?:10|172|192|100)\.\d{1,3}\.\d{1,3})\.(?P<host>[1-9]\d{0,2})(?![\d.])"
)
_INTERFACE: Final = re.compile(
    r"\b(?P<kind>GigabitEthernet|TenGigabitEthernet|FastEthernet|Ethernet|GigabitEthernet\d/|[GFT][eai]|Et|Eth|swp|eth)"
    r"(?P<number>\d+(?:/\d+)*)\b"
)


@dataclass(frozen=True, slots=True)
class Renaming:
    """Every match of `pattern` gets another name, the same match the same one, in output and command."""

    name: str
    pattern: re.Pattern[str]
    group: str
    keeps: bool = True

    def apply(self, execution: Execution, random: Random) -> Execution | None:
        """Return the renamed execution, None where nothing has a name."""
        digits = _permutation(random)
        rename = lambda match: _renamed(match, self.group, digits)  # noqa: E731
        output = self.pattern.sub(rename, execution.output)
        if output == execution.output:
            return None
        return replace(execution, output=output, command=self.pattern.sub(rename, execution.command))


def _permutation(random: Random) -> dict[int, int]:
    """Return another digit for each of 1 to 9, so that names change and different ones stay different."""
    turn = random.randint(1, 8)
    return str.maketrans("123456789", "123456789"[turn:] + "123456789"[:turn])


def _renamed(match: re.Match[str], group: str, digits: dict[int, int]) -> str:
    start, end = match.start(group) - match.start(), match.end(group) - match.start()
    return match[0][:start] + match[group].translate(digits) + match[0][end:]


RENAMINGS: Final = (
    Renaming("addresses of hosts", _ADDRESS, "host"),
    Renaming("numbers of interfaces", _INTERFACE, "number"),
)
"""Renamings that keep every finding."""
