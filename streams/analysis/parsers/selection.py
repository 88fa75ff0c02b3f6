"""Which parser reads an output, and what its failure means."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from streams.analysis.analysis import ParseStatus
from streams.analysis.command_line import CommandLine
from streams.analysis.deadline import DeadlineExceededError, deadline
from streams.analysis.document import Document
from streams.analysis.parsers import jc_tools, json_output, ntc
from streams.analysis.parsers.parse import UNPARSED, Parse
from streams.analysis.platform import Platform

_SHELL_TOOLS: Final = frozenset(
    {"ping", "ping6", "traceroute", "df", "top", "uptime", "free", "netstat", "ps", "uname"}
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be parsed."""

    document: Document
    command: CommandLine
    platform: Platform


@dataclass(frozen=True, slots=True)
class _Candidate:
    parser: str
    version: str
    run: Callable[[], Parse]


def parse(request: Request, seconds: float) -> Parse:
    """Return the first successful parse, each candidate within `seconds`.

    Nothing is raised: if every candidate fails, the first one's failure is the result. A runaway parse ends
    the search (TIMEOUT): its output would run away from the next parser as well.
    """
    if not request.document.stdout.strip():
        return UNPARSED
    failed = UNPARSED
    for candidate in _candidates(request):
        result = _attempt(candidate, seconds)
        if result.status in {ParseStatus.PARSED, ParseStatus.TIMEOUT}:
            return _partial(result) if request.command.filtered else result
        failed = failed if failed.parser else result
    return failed


def _partial(result: Parse) -> Parse:
    if result.status is ParseStatus.PARSED and result.parser != "json":
        return replace(result, status=ParseStatus.PARTIAL, understood=False)
    return result


def _attempt(candidate: _Candidate, seconds: float) -> Parse:
    try:
        with deadline(seconds):
            return candidate.run()
    except DeadlineExceededError:
        status = ParseStatus.TIMEOUT
    except Exception:  # noqa: BLE001  # a parser is third-party code over foreign text: any error is its answer
        status = ParseStatus.FAILED
    return Parse(parser=candidate.parser, version=candidate.version, status=status)


def _candidates(request: Request) -> Iterator[_Candidate]:
    if json_output.looks_like_json(request.document):
        yield _Candidate("json", "1", lambda: json_output.parse_json(request.document) or UNPARSED)
    template = _template(request)
    if template:
        ntc.load_template(template)
        yield _Candidate(
            f"ntc:{template.removesuffix('.textfsm')}",
            ntc.ntc_version(),
            lambda: ntc.parse_with_template(template, request.document),
        )
    tool = _tool(request)
    if tool:
        jc_tools.load_parser(tool)
        yield _Candidate(f"jc:{tool}", jc_tools.jc_version(), lambda: jc_tools.parse_with_jc(tool, request.document))


def _template(request: Request) -> str | None:
    command, platform = request.command, request.platform
    if command.compound or not command.words:
        return None
    if command.router_shell:
        return ntc.find_template("vyatta_vyos", command.plain) or ntc.find_template("cisco_ios", command.plain)
    return ntc.find_template(platform.ntc, command.plain) or ntc.find_template(platform.ntc, command.text)


def _tool(request: Request) -> str | None:
    command, platform = request.command, request.platform
    if command.router_shell or not (platform.unix or (platform.tools and command.program in _SHELL_TOOLS)):
        return None
    return jc_tools.find_parser(command)
