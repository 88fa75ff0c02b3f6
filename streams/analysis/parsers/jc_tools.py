"""Unix tools through jc."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

import jc

from streams.analysis.analysis import ParseStatus
from streams.analysis.command_line import CommandLine
from streams.analysis.document import Document
from streams.analysis.parsers.parse import Parse

_MAGIC_COMMANDS: Final = re.compile(r"^\s+magic_commands\s*=\s*(\[.*?\])", re.DOTALL | re.MULTILINE)
_SYNONYMS: Final = {
    "chage": "chage -l",
    "systemctl list-units": "systemctl",
    "top -bn": "top -b",
    "top -bn1": "top -b",
    "top -n": "top -b",
    "ufw": "ufw status",
}
_IP_OBJECTS: Final = {"r": "route", "ro": "route", "route": "route"}


def find_parser(command: CommandLine) -> str | None:
    """Return jc's parser (module name) for a command line, by jc's own magic commands.

    Two words win over one, as in jc. Files of `/proc` that are printed have parsers of their own.
    """
    if not command.words or command.compound:
        return None
    if command.program == "cat":
        return _proc_parser(command.words[1:])
    two_words = " ".join([command.program, *command.words[1:2]])
    if command.program == "ip":
        two_words = _ip_command(command.words[1:])
    magic = _magic_commands()
    return magic.get(_SYNONYMS.get(two_words, two_words)) or magic.get(command.program)


class Tool:
    """One of jc's parsers, imported."""

    def __init__(self, name: str) -> None:
        self._module = jc.get_parser(name)
        self.parser = f"jc:{name}"

    def parse(self, document: Document) -> Parse:
        """Return whether the parser reads the output; raises what it raises.

        Only the reading is done. The conversion of what was read (numbers, sizes, times: two thirds of jc's
        time) waits until somebody asks for the data, which is exactly what `jc.parse(name, text)` returns.
        """
        text = document.stdout
        read = self._module.parse(text, raw=True, quiet=True)
        return Parse(
            parser=self.parser,
            version=jc_version(),
            status=ParseStatus.PARSED if read else ParseStatus.UNPARSED,
            read=read,
            convert=lambda: self._module.parse(text, quiet=True),
        )


@cache
def open_parser(name: str) -> Tool:
    """Return jc's parser `name`."""
    return Tool(name)


@cache
def jc_version() -> str:
    """Return the version of the installed jc."""
    return str(jc.__version__)


def _ip_command(words: tuple[str, ...]) -> str:
    objects = [word for word in words if not word.startswith("-")]
    return f"ip {_IP_OBJECTS.get(objects[0], objects[0])}" if objects else "ip"


def _proc_parser(words: tuple[str, ...]) -> str | None:
    if len(words) != 1 or not words[0].startswith("/proc/"):
        return None
    name = words[0].removeprefix("/").replace("/", "-").replace("_", "-")
    return name.replace("-", "_") if name in jc.lib.parsers else None


@cache
def _magic_commands() -> dict[str, str]:
    """Read every parser's magic commands from its source: importing all of them costs a second and 40 MB."""
    found: dict[str, str] = {}
    for path in sorted((Path(jc.__file__).parent / "parsers").glob("*.py")):
        listed = _MAGIC_COMMANDS.search(path.read_text(encoding="utf-8"))
        if listed and path.stem != "foo":
            found.update(dict.fromkeys(ast.literal_eval(listed[1]), path.stem))
    return found
