"""What a rule is, what it looks at, and what a family of rules gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from streams.analysis.command_line import CommandLine
from streams.analysis.document import Document
from streams.analysis.execution import Execution
from streams.analysis.finding import Finding, Severity
from streams.analysis.parsers.parse import Parse
from streams.analysis.platform import Platform

_LISTING: Final = (
    r"\b(sh(ow?)?|display|do show|get|export)\s+(full-)?(run|conf|start|saved|curr|log|hist|arch|tech|alias|cli)"
    r"|(?:^|[;&]\s*|\bsudo\s+)(journalctl|dmesg|history|man|less|more|echo|printf|head|tail|zcat|strings|grep)\b"
    r"|\bcat\s+(?!/proc/)|\s--help\b|\s\?$|^<show><config>"
)


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
class Case:
    """Everything a rule may look at."""

    execution: Execution
    command: CommandLine
    platform: Platform
    document: Document
    parse: Parse

    @property
    def lists_text(self) -> bool:
        """Whether the command shows configuration, logs, files or help: text about things, not their state."""
        return self.command.mentions(_LISTING)

    @property
    def template(self) -> str:
        """The ntc-templates template that read the output, "" if none did."""
        return self.parse.parser.removeprefix("ntc:") if self.parse.parser.startswith("ntc:") else ""


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
    """Rules that read the same outputs, and the function that reads them."""

    name: str
    rules: tuple[Rule, ...]
    read: Callable[[Case], Reading]
