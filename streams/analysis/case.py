"""One execution, understood as far as parsing goes: what every rule looks at."""

from dataclasses import dataclass
from typing import Final

from streams.analysis.command_line import CommandLine
from streams.analysis.document import Document
from streams.analysis.execution import Execution
from streams.analysis.parsers.parse import Parse
from streams.analysis.platform import Platform
from streams.analysis.thresholds import DEFAULT_THRESHOLDS, Thresholds

_LISTING: Final = (
    r"\b(sh(ow?)?|display|do show|get|export)\s+(full-)?(run|conf|start|saved|curr|log|hist|arch|tech|alias|cli)"
    r"|(?:^|[;&]\s*|\bsudo\s+)(journalctl|dmesg|history|man|less|more|echo|printf|head|tail|zcat|strings|grep)\b"
    r"|\bcat\s+(?!/proc/)|\s--help\b|\s\?$|^<show><config>"
)
_LONGEST_NAME: Final = 100


def lists_text(command: CommandLine) -> bool:
    """Whether a command shows configuration, logs, files or help: text about things, not their state."""
    return command.mentions(_LISTING)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a rule may look at."""

    execution: Execution
    command: CommandLine
    platform: Platform
    document: Document
    parse: Parse
    thresholds: Thresholds = DEFAULT_THRESHOLDS

    @property
    def lists_text(self) -> bool:
        """Whether the command lists text (see `lists_text`)."""
        return lists_text(self.command)

    @property
    def asked(self) -> str:
        """What names the command for a reader: the program of a shell, all words typed into a network CLI."""
        if self.platform.unix and not self.command.router_shell:
            return self.command.program
        return self.command.plain[:_LONGEST_NAME] or self.command.program

    @property
    def template(self) -> str:
        """The ntc-templates template that read the output, "" if none did."""
        return self.parse.parser.removeprefix("ntc:") if self.parse.parser.startswith("ntc:") else ""
