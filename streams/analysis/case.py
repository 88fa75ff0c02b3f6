"""One execution, understood as far as parsing goes: what every rule looks at."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from streams.analysis.command_line import CommandLine
from streams.analysis.document import Document
from streams.analysis.execution import Execution
from streams.analysis.parsers.parse import Parse
from streams.analysis.platform import Platform
from streams.analysis.thresholds import DEFAULT_THRESHOLDS, Thresholds

_LISTING: Final = re.compile(
    r"\b(?:sh(?:ow?)?|display|do show|get|export)\s+(?:full-)?"
    r"(?:run|conf|start|saved|curr|log(?:$|s\b|\s|g|b|f)|hist|arch|tech|alias|cli(?:$|\s|-))"
    r"|(?:^|\bsudo\s+)(?:journalctl|dmesg|history|man|less|more|head|tail|zcat|strings|grep|type|docker\s+logs|kubectl\s+logs)\b"
    r"|\bcat\s+(?!/proc/)|\s--help\b|\s\?$|^<show><config>|\blog\s+(?:print|display)\b|^/?export\b"
)
_SAYING: Final = re.compile(r"^(?:echo|printf)\b")
_LONGEST_NAME: Final = 100


@lru_cache(maxsize=4096)
def lists_text(command: CommandLine) -> bool:
    """Whether a command shows configuration, logs, files or help: text about things, not their state.

    What a line merely says in between (`echo "--- disks"; df`) makes it no listing.
    """
    parts = [part.strip().lower() for part in command.parts]
    telling = [part for part in parts if not _SAYING.match(part)]
    return not telling or any(_LISTING.search(part) for part in telling)


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
