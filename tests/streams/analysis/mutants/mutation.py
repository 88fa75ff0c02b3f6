"""One way to change a recorded execution, and what the change means."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Protocol

from streams.analysis import Execution


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed execution; `keeps` says that its findings must be those of the original."""

    mutation: str
    keeps: bool
    execution: Execution


class Mutation(Protocol):
    """A change that is named, and that knows which executions it can be made to."""

    @property
    def name(self) -> str:
        """What is changed, in words."""

    @property
    def keeps(self) -> bool:
        """Whether kinds, severities and number of findings stay as they are."""

    def apply(self, execution: Execution, random: Random) -> Execution | None:
        """Return the changed execution, None where there is nothing to change."""


Rewrite = Callable[[re.Match[str], Random], str]
"""What stands in the place of a match."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Another text in the place of what a pattern matches: of every match, or of one.

    Made where `command` is found in the lower-case command, and `without` is not found in the output.
    """

    name: str
    keeps: bool
    command: re.Pattern[str]
    pattern: re.Pattern[str]
    rewrite: Rewrite
    every: bool
    without: re.Pattern[str] | None = None

    def apply(self, execution: Execution, random: Random) -> Execution | None:
        """Return the execution with its output edited, None where nothing would change."""
        output = execution.output
        if not self.command.search(execution.command.lower()) or (self.without and self.without.search(output)):
            return None
        changed = self._edited(output, random)
        return None if changed == output else replace(execution, output=changed)

    def _edited(self, output: str, random: Random) -> str:
        if self.every:
            return self.pattern.sub(lambda match: self.rewrite(match, random), output)
        matches = list(self.pattern.finditer(output))
        if not matches:
            return output
        match = random.choice(matches)
        return output[: match.start()] + self.rewrite(match, random) + output[match.end() :]


def drift(name: str, command: str, pattern: str, rewrite: Rewrite) -> Edit:
    """Return the edit of every match that changes no finding."""
    return Edit(name, True, re.compile(command), re.compile(pattern, re.MULTILINE), rewrite, every=True)


def fault(name: str, command: str, pattern: str, rewrite: Rewrite | str, *, without: str | None = None) -> Edit:
    """Return the edit of one match that changes a finding; `rewrite` may be a template for `Match.expand`."""
    return Edit(
        name,
        False,
        re.compile(command),
        re.compile(pattern, re.MULTILINE),
        _expanding(rewrite) if isinstance(rewrite, str) else rewrite,
        every=False,
        without=re.compile(without, re.MULTILINE) if without else None,
    )


def _expanding(template: str) -> Rewrite:
    return lambda match, _: match.expand(template)
