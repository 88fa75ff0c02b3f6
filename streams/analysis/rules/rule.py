"""What a rule is, and what a family of rules gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from streams.analysis.case import Case, lists_text
from streams.analysis.command_line import CommandLine
from streams.analysis.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Example:
    """An execution on which the rule fires, for the documentation and its tests."""

    os_type: str
    command: str
    output: str
    status: str = "OK"
    exit_code: int | None = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding, as documented.

    `phrase` is the finding in few words, for summaries: `{subject}` and the finding's facts are filled in.
    """

    kind: str
    severities: tuple[Severity, ...]
    threshold: str
    platforms: str
    description: str
    phrase: str
    example: Example


@dataclass(frozen=True, slots=True)
class Reading:
    """What a family makes of a case.

    `facts` are the few numbers that matter even if all is well. `headline` says so in words. `complete`
    is the proof that the output is a whole answer of the family's kind, so that silence means `ok`.
    """

    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    headline: str = ""
    complete: bool = False


NOTHING_READ: Final = Reading()
"""The output is none of the family's business."""


@dataclass(frozen=True, slots=True)
class Family:
    """Rules that read the same outputs, and the function that reads them.

    `about` is a pattern of the commands whose outputs it reads (see `CommandLine.mentions`), commands that list
    text always excepted; None reads every output. It is asked once a command, before any look at an output.
    """

    name: str
    rules: tuple[Rule, ...]
    read: Callable[[Case], Reading]
    about: str | None = None

    def concerns(self, command: CommandLine) -> bool:
        """Whether the family reads the outputs of `command`."""
        return self.about is None or (command.mentions(self.about) and not lists_text(command))
