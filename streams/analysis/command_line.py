"""Understanding a command line: what is asked, through which wrappers, and what happens to the output."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from streams.analysis.prompt import without_prompt
from streams.analysis.wrappers import unwrap

LONGEST_COMMAND: Final = 2000
"""Characters of a command that are looked at."""

_MODE: Final = re.compile(r"^(?:do|run)\s+(?=sh|ping|trace)")
_QUOTE: Final = r"(?P<quote>[\"'])(?P<command>.*?)(?P=quote)"
_ROUTER_SHELL: Final = re.compile(r"\bvtysh\b(?=.*?\s-(?:c|-command)\b)")
_ROUTER_COMMAND: Final = re.compile(rf"\s(?:-c|--command)[\s=]*{_QUOTE}")
_OTHER_SHELL: Final = re.compile(
    rf"(?:^|[\s/])(?:(?:ba|da|z|k|a)?sh|su|FastCli|Cli|vsh|cli)\b[^|;&\"']*?\s-\w*c\s*{_QUOTE}"
)
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_REDIRECTION: Final = re.compile(r"\s\d?>>?\s*&?[\w./-]+")
_SEQUENCE: Final = re.compile(r";|&&|\|\||\bthen\b")
_PIPE: Final = re.compile(r"(?<!\|)\|(?!\|)")
_WHOLE_OUTPUT_FILTERS: Final = frozenset(
    {"json", "json-pretty", "xml", "display", "no-more", "nomore", "cat", "more", "less", "tee"}
)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command without its wrappers.

    `words` are the words of the command itself: `sudo /usr/bin/ping -c 3 h | head` gives `ping -c 3 h`,
    `vtysh -c "show ip bgp"` gives `show ip bgp`. `router_shell` says that a Unix host passed the command
    to a router's CLI (FRR). `filtered` says that a pipe removed lines. `parts` are the line's commands,
    more than one where its output is several answers in one.
    """

    text: str
    words: tuple[str, ...]
    router_shell: bool
    filtered: bool
    parts: tuple[str, ...]

    @property
    def compound(self) -> bool:
        """Whether the line holds more than one command, so that its output is several answers in one."""
        return len(self.parts) > 1

    @property
    def program(self) -> str:
        """The first word, without its path; empty for an empty command."""
        return self.words[0] if self.words else ""

    @property
    def plain(self) -> str:
        """The words joined by single blanks, pipes and wrappers removed."""
        return " ".join(self.words)

    def mentions(self, pattern: str) -> bool:
        """Whether the whole line as typed, in lower case, holds a match of `pattern`."""
        return _mentions(self.text, pattern)

    def only_mentions(self, pattern: str) -> bool:
        """Whether every command of the line, in lower case, holds a match of `pattern`."""
        return all(_mentions(part, pattern) for part in self.parts)


def read_command(text: str) -> CommandLine:
    """Return what `text`, a command line as typed or as recorded by an agent, asks for."""
    return _read(text[:LONGEST_COMMAND])


@lru_cache(maxsize=4096)
def _read(text: str) -> CommandLine:
    typed = without_prompt(text.strip())
    bare = _QUOTED.sub(_blank, typed)
    parts = tuple(part for part in _split(_SEQUENCE, typed, bare) if part.strip()) or (typed,)
    stages = _split(_PIPE, typed, bare)
    filters = [stage.split() for stage in stages[1:]]
    line = CommandLine(
        text=typed,
        words=tuple(unwrap(_REDIRECTION.sub("", _MODE.sub("", stages[0].rstrip(" ;&"))).split())),
        router_shell=False,
        filtered=any(stage and stage[0] not in _WHOLE_OUTPUT_FILTERS for stage in filters),
        parts=parts,
    )
    return _through_router_shell(line) or _through_shell(line) or line


def _through_router_shell(line: CommandLine) -> CommandLine | None:
    """Return the first command that `line` passes to a router's CLI by `vtysh -c`; several are several answers."""
    router = _ROUTER_SHELL.search(line.text)
    commands = [match["command"] for match in _ROUTER_COMMAND.finditer(line.text, router.end())] if router else []
    if not commands:
        return None
    inner = _read(commands[0])
    return replace(
        line,
        words=inner.words,
        router_shell=True,
        filtered=line.filtered or inner.filtered,
        parts=tuple(commands) if len(commands) > 1 and not line.compound else line.parts,
    )


def _through_shell(line: CommandLine) -> CommandLine | None:
    """Return the command that `line` passes to another shell: `sh -c "..."`."""
    shell = None if line.compound else _OTHER_SHELL.search(line.text)
    if shell is None:
        return None
    inner = _read(shell["command"])
    return replace(inner, text=line.text, filtered=line.filtered or inner.filtered)


@lru_cache(maxsize=16384)
def _mentions(text: str, pattern: str) -> bool:
    return re.search(pattern, text.lower()) is not None


def _blank(quoted: re.Match[str]) -> str:
    """Return as many characters as the quoted text has, none of them special to a shell."""
    return "_" * len(quoted[0])


def _split(separator: re.Pattern[str], typed: str, bare: str) -> tuple[str, ...]:
    """Split a line where `bare`, the same line without quoted texts, has a separator."""
    cuts = [(match.start(), match.end()) for match in separator.finditer(bare)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(typed)]
    return tuple(typed[start:end] for start, end in zip(starts, ends, strict=True))
