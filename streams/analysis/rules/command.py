"""The execution itself: unknown commands, time-outs, failures."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_UNKNOWN_TO_SHELL: Final = re.compile(
    r"^(?:-?(?:\S*/)?(?:ba|z|da|k|a|c|tc|fi)?sh: .*?(?:command )?not found\s*(?::.*)?$"
    r"|(?:\S+: )?command not found(?:$|[:.\s])|sudo: \S+: command not found"
    r"|'[^']+' is not recognized as an internal or external command"
    r"|ERROR: [Cc]ommand not found)"
)
_UNKNOWN_TO_CLI: Final = re.compile(
    r"^\s*(?:% ?(?:Invalid (?:input|command)|Unknown command|Ambiguous command|Incomplete command|Unrecognized command)"
    r"|(?:error: )?unknown command\b|syntax error, expecting|Unrecognized command|\^\s*Invalid input)",
    re.IGNORECASE,
)
_IN_JSON: Final = re.compile(
    r"\"% ?(?:Invalid|Unknown|Ambiguous|Incomplete|Unrecognized) (?:input|command)", re.IGNORECASE
)
_LONGEST_JSON_ERROR: Final = 2000
_HINTS: Final = ("not found", "command", "invalid input", "syntax error", '"%')
_LONGEST_COMPLAINT: Final = 6
_EXPLAINING: Final = frozenset(
    {
        "command.not_found",
        "command.timeout",
        "access.denied",
        "reachability.loss",
        "path.incomplete",
        "dns.nxdomain",
        "dns.failure",
        "service.failed",
    }
)


def _read(case: Case) -> Reading:
    findings = (*_not_found(case), *_timeout(case))
    return Reading(findings) if findings else NOTHING_READ


def _timeout(case: Case) -> Iterator[Finding]:
    if case.execution.status == "TIMEOUT":
        quote = case.document.last_words()
        yield Finding.quoting(quote, "command.timeout", Severity.WARNING, case.command.program)


def _not_found(case: Case) -> Iterator[Finding]:
    """Yield at most one finding: the complaint, or the exit code 127 that stands for it."""
    document = case.document
    complaint = _complaint(document)
    exit_code = case.execution.exit_code
    if complaint is not None and (exit_code == 127 or not _quotes_others(case)):
        facts = {} if exit_code is None else {"exit_code": str(exit_code)}
        quote = document.quote(complaint)
    elif exit_code == 127:
        facts, quote = {"exit_code": "127"}, document.last_words()
    else:
        return
    yield Finding.quoting(quote, "command.not_found", Severity.WARNING, case.command.program, facts)


def _complaint(document: Document) -> int | None:
    """Return the first line that says that the command is not known, also as a string of a short JSON answer."""
    quoted = document.text[:1] in "{[" and len(document.text) <= _LONGEST_JSON_ERROR
    for number in document.lines_holding(_HINTS):
        line = document.lines[number][:500]
        if _UNKNOWN_TO_SHELL.match(line) or _UNKNOWN_TO_CLI.match(line) or (quoted and _IN_JSON.search(line)):
            return number
    return None


def _quotes_others(case: Case) -> bool:
    """Whether the output may quote a complaint rather than be one: a listing that really lists."""
    return case.lists_text and sum(bool(line.strip()) for line in case.document.body) > _LONGEST_COMPLAINT


def command_failed(case: Case, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield `command.failed` if the process failed and no more specific finding explains it."""
    exit_code = case.execution.exit_code
    failed = case.execution.status == "FAILED" if exit_code is None else exit_code != 0
    if not failed or any(finding.kind in _EXPLAINING for finding in findings):
        return
    facts = {"exit_code": "unknown" if exit_code is None else str(exit_code)}
    yield Finding.quoting(case.document.last_words(), "command.failed", Severity.WARNING, case.command.program, facts)


FAMILY: Final = Family(
    name="command",
    rules=(
        Rule(
            kind="command.not_found",
            severities=(Severity.WARNING,),
            threshold="exit code 127, or the shell or CLI says that it does not know the command",
            platforms="all",
            description="The shell or CLI does not know the command, or not in this form.",
            phrase="unknown command {subject}",
            example=Example("ios", "show ip bpg", "% Invalid input detected at '^' marker.\n", exit_code=None),
        ),
        Rule(
            kind="command.failed",
            severities=(Severity.WARNING,),
            threshold="a non-zero exit code that no more specific finding explains",
            platforms="all",
            description="The process ended with a non-zero exit code.",
            phrase="{subject} failed with exit code {exit_code}",
            example=Example("linux", "false", "", status="FAILED", exit_code=1),
        ),
        Rule(
            kind="command.timeout",
            severities=(Severity.WARNING,),
            threshold="the execution's status is TIMEOUT",
            platforms="all",
            description="The command was ended because it took too long.",
            phrase="{subject} did not end in time",
            example=Example("linux", "sleep 1000", "", status="TIMEOUT", exit_code=None),
        ),
    ),
    read=_read,
)
