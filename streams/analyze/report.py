"""An analysis as people read it: the verdict first, then each finding with the lines that prove it."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import click

from streams.analysis.analysis import Analysis
from streams.analysis.execution import Execution
from streams.analysis.finding import Finding
from streams.analyze.words import Words

_COLOURS: Final = {"critical": "red", "warning": "yellow", "info": "blue", "ok": "green"}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LONGEST_EVIDENCE: Final = 8
_RISKS: Final = {"READ_ONLY": ("ok", "only reads"), "APPROVAL_REQUIRED": ("warning", "needs approval")}


def report(execution: Execution, analysis: Analysis) -> str:
    """Return the report, with colours for terminals; what an output holds cannot steer the terminal."""
    return "\n".join(_lines(execution, analysis))


def report_of_words(words: Words) -> str:
    """Return what a model said, marked as such."""
    return "\n".join(_words(words))


def _words(words: Words) -> Iterator[str]:
    model = _plain(words.model)
    if words.text is None:
        yield f"A model ({model}) said nothing that the output bears out ({words.outcome.lower()})."
        return
    who = f"({model}, its own confidence {words.confidence:.0%}, may be wrong)"
    yield f"{click.style('A model says', bold=True)} {_faint(who)}"
    yield f"  {_plain(words.text)}"
    yield from (f"  {_faint('perhaps')}  {_plain(cause)}" for cause in words.likely_causes)
    for suggested in words.suggestions:
        risk = _badge(*_RISKS[suggested.risk])
        yield f"  {_faint('to run')}   {_plain(suggested.command)}  {risk}  {_faint(_plain(suggested.reason))}"


def _lines(execution: Execution, analysis: Analysis) -> Iterator[str]:
    yield f"{_badge(analysis.verdict, analysis.verdict.upper())}  {_plain(analysis.summary)}"
    for finding in analysis.findings:
        yield ""
        yield from _finding(finding)
    yield ""
    if analysis.facts:
        yield _row("facts", _facts(analysis.facts))
    yield _row("command", f"{_plain(execution.command)} ({_plain(execution.os_type)})")
    yield _row("parser", _parser(analysis))
    yield _row("fingerprint", analysis.fingerprint.hex())


def _finding(finding: Finding) -> Iterator[str]:
    severity = finding.severity.symbol
    yield f"  {_badge(severity, severity)}  {_plain(finding.subject)}  {_faint(finding.kind)}"
    lines = finding.evidence.split("\n")
    for number, line in enumerate(lines[:_LONGEST_EVIDENCE], start=finding.line_start):
        yield f"{_faint(f'{number:7} |')} {_plain(line)}"
    if len(lines) > _LONGEST_EVIDENCE:
        yield _faint(f"        | and the lines to {finding.line_end}")
    if finding.facts:
        yield f"          {_faint(_facts(finding.facts))}"


def _parser(analysis: Analysis) -> str:
    status = analysis.parse_status.lower()
    return f"{analysis.parser} {analysis.parser_version}, {status}" if analysis.parser else status


def _facts(facts: Mapping[str, str]) -> str:
    return "  ".join(f"{name}={_plain(value)}" for name, value in sorted(facts.items()))


def _row(name: str, text: str) -> str:
    return f"  {_faint(f'{name:12}')}{text}"


def _badge(severity: str, text: str) -> str:
    return click.style(text, fg=_COLOURS.get(severity), bold=True)


def _faint(text: str) -> str:
    return click.style(text, dim=True)


def _plain(text: str) -> str:
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
