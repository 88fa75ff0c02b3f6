"""Understanding a command line: what is asked, through which wrappers, and what happens to the output."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

LONGEST_COMMAND: Final = 2000
"""Characters of a command that are looked at."""

_WRAPPERS: Final = frozenset({"sudo", "doas", "env", "nice", "nohup", "stdbuf", "time", "timeout", "bash", "command"})
_WRAPPER_ARGUMENT: Final = re.compile(r"-.*|\d+(\.\d+)?[smhd]?|\w+=.*")
_VALUED_OPTIONS: Final = {"sudo": frozenset({"-u", "-g", "-h", "-p"}), "nice": frozenset({"-n"})}
_VTYSH: Final = re.compile(r"\bvtysh\s+(?:-\w+\s+)*?-c\s*(?P<quote>[\"'])(?P<command>.*?)(?P=quote)")
_PROMPT: Final = re.compile(r"^[\w.@:/~()\[\]-]*[#>$%]\s*(?=\S)")
_XML: Final = re.compile(r"<(/?[A-Za-z][\w-]*)")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_SEQUENCE: Final = re.compile(r";|&&|\|\||\bthen\b")
_PIPE: Final = re.compile(r"(?<!\|)\|(?!\|)")
_WHOLE_OUTPUT_FILTERS: Final = frozenset({"json", "display", "no-more", "nomore", "cat", "more", "less", "tee"})


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command without its wrappers.

    `words` are the words of the command itself: `sudo /usr/bin/ping -c 3 h | head` gives `ping -c 3 h`,
    `vtysh -c "show ip bgp"` gives `show ip bgp`. `router_shell` says that a Unix host passed the command
    to a router's CLI (FRR). `filtered` says that a pipe removed lines, `compound` that the line holds more
    than one command, so that its output is several answers in one.
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
    typed = _PROMPT.sub("", text.strip(), count=1)
    inner = _VTYSH.search(typed)
    bare = _QUOTED.sub(_blank, typed)
    stages = _split(_PIPE, typed, bare)
    words = inner["command"].split() if inner else _unwrap(stages[0].split())
    filters = [stage.split() for stage in stages[1:]]
    return CommandLine(
        text=typed,
        words=tuple(words),
        router_shell=inner is not None,
        filtered=any(stage and stage[0] not in _WHOLE_OUTPUT_FILTERS for stage in filters),
        parts=_split(_SEQUENCE, typed, bare),
    )


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


def _unwrap(words: list[str]) -> list[str]:
    """Drop `sudo -u x`, `timeout 5`, `bash` and their like, and the path before the program."""
    rest = list(words)
    while len(rest) > 1 and PurePosixPath(rest[0]).name in _WRAPPERS:
        valued = _VALUED_OPTIONS.get(rest.pop(0), frozenset[str]())
        while len(rest) > 1 and _WRAPPER_ARGUMENT.fullmatch(rest[0]):
            option = rest.pop(0)
            if option in valued and len(rest) > 1:
                rest.pop(0)
    if rest and rest[0].startswith(("/", "./")):
        rest[0] = PurePosixPath(rest[0]).name or rest[0]
    return rest
