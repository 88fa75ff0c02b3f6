"""The execution itself: it fails, does not end, is refused, is not known."""

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from streams.analysis import Execution


@dataclass(frozen=True, slots=True)
class Ending:
    """The execution ended otherwise; `output` stands in the place of what it printed, unless None."""

    name: str
    status: str
    exit_code: int | None
    output: str | None
    keeps: bool = False

    def apply(self, execution: Execution, random: Random) -> Execution | None:
        """Return the execution with this ending."""
        output = execution.output if self.output is None else self.output
        return replace(execution, status=self.status, exit_code=self.exit_code, output=output)


EXECUTION_FAULTS: Final = (
    Ending("exit code 1", "FAILED", 1, None),
    Ending("exit code 127", "FAILED", 127, "bash: line 1: command not found\n"),
    Ending("ran out of time", "TIMEOUT", None, None),
    Ending("refused", "DENIED", None, None),
    Ending("unknown to the CLI", "OK", 0, "% Invalid input detected at '^' marker.\n"),
)
"""Endings that any execution can have."""
