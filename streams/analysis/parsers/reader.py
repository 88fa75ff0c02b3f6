"""Which parsers read the outputs of a command, and what their failure means."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from streams.analysis.analysis import ParseStatus
from streams.analysis.command_line import LONGEST_COMMAND, CommandLine, read_command
from streams.analysis.deadline import Deadline, DeadlineExceededError
from streams.analysis.document import Document
from streams.analysis.parsers import jc_tools, json_output, ntc
from streams.analysis.parsers.ntc_index import find_template
from streams.analysis.parsers.parse import UNPARSED, Parse
from streams.analysis.platform import FRR, Platform, platform_of

_XML_ANSWER: Final = re.compile(r"<(?:\?xml|rpc-reply|response|nc:rpc-reply|data)\b")
_SHELL_TOOLS: Final = frozenset(
    {"ping", "ping6", "traceroute", "df", "top", "uptime", "free", "netstat", "ps", "uname"}
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    parser: str
    version: str
    read: Callable[[Document], Parse]


class Reader:
    """Parses the outputs of one command on one platform.

    Templates and parsers are loaded when the first output asks for them, once, and on nobody's time.
    """

    def __init__(self, command: CommandLine, platform: Platform) -> None:
        self.command = command
        self.platform = platform
        self._candidates: tuple[_Candidate, ...] | None = None

    def parse(self, document: Document, limit: Deadline) -> Parse:
        """Return the first successful parse; PARTIAL where a pipe removed lines of what was parsed.

        Nothing is raised: if every candidate fails, the first one's failure is the result. A parse that
        reaches `limit` ends the search (TIMEOUT): its output would run away from the next parser as well.
        """
        result = self.parse_carried(document, limit)
        if self.command.filtered and result.status is ParseStatus.PARSED and result.parser != "json":
            return replace(result, status=ParseStatus.PARTIAL, understood=False)
        return result

    def parse_carried(self, document: Document, limit: Deadline) -> Parse:
        """Return the parse of a text that a JSON output carries: filters worked on the JSON around it."""
        text = document.stdout
        if not text or text.isspace():
            return UNPARSED
        if json_output.looks_like_json(text):
            result = _attempt(_JSON, document)
            if result.status is not ParseStatus.UNPARSED:
                return result
        if text.startswith("<") and _looks_like_xml(text):
            return _first_parse(_xml(limit), document)
        return _first_parse(self._loaded(limit), document)

    def _loaded(self, limit: Deadline) -> tuple[_Candidate, ...]:
        if self._candidates is None:
            self._candidates = limit.uncounted(self._load)
        return self._candidates

    def _load(self) -> tuple[_Candidate, ...]:
        return (*_templates(self.command, self.platform), *_tools(self.command, self.platform))


def reader_of(os_type: str, command: str) -> Reader:
    """Return the reader of a command's outputs; of an overlong command the beginning counts."""
    return _reader(os_type, command[:LONGEST_COMMAND])


@lru_cache(maxsize=4096)
def _reader(os_type: str, command: str) -> Reader:
    return Reader(read_command(command), platform_of(os_type))


def _first_parse(candidates: tuple[_Candidate, ...], document: Document) -> Parse:
    failed = UNPARSED
    for candidate in candidates:
        result = _attempt(candidate, document)
        if result.status in {ParseStatus.PARSED, ParseStatus.TIMEOUT}:
            return result
        failed = failed if failed.parser else result
    return failed


def _attempt(candidate: _Candidate, document: Document) -> Parse:
    try:
        return candidate.read(document)
    except DeadlineExceededError:
        status = ParseStatus.TIMEOUT
    except Exception:  # noqa: BLE001  # a parser is third-party code over foreign text: any error is its answer
        status = ParseStatus.FAILED
    return Parse(parser=candidate.parser, version=candidate.version, status=status)


def _looks_like_xml(text: str) -> bool:
    """Whether a text is an XML answer of a device; types of documents (HTML) and entities are none."""
    return _XML_ANSWER.match(text) is not None and text.rstrip().endswith(">") and "<!" not in text


def _xml(limit: Deadline) -> tuple[_Candidate, ...]:
    parser = limit.uncounted(lambda: jc_tools.open_parser("xml"))
    return (_Candidate(parser.parser, jc_tools.jc_version(), parser.parse),)


_JSON: Final = _Candidate("json", json_output.VERSION, json_output.parse_json)


def _templates(command: CommandLine, platform: Platform) -> Iterator[_Candidate]:
    for name in dict.fromkeys(_template_names(command, platform)):
        if name is not None:
            template = ntc.open_template(name)
            yield _Candidate(template.parser, ntc.ntc_version(), template.parse)


def _template_names(command: CommandLine, platform: Platform) -> tuple[str | None, ...]:
    if command.compound or not command.words:
        return ()
    if command.router_shell or platform.ntc == FRR:
        return find_template("vyatta_vyos", command.plain), find_template("cisco_ios", command.plain)
    return (find_template(platform.ntc, command.plain) or find_template(platform.ntc, command.text),)


def _tools(command: CommandLine, platform: Platform) -> tuple[_Candidate, ...]:
    if command.router_shell or not (platform.unix or (platform.tools and command.program in _SHELL_TOOLS)):
        return ()
    name = jc_tools.find_parser(command)
    if name is None:
        return ()
    parser = jc_tools.open_parser(name)
    return (_Candidate(parser.parser, jc_tools.jc_version(), parser.parse),)
