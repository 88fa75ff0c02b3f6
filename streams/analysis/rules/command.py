"""The execution itself: unknown commands, time-outs, failures."""

from collections.abc import Iterator, Sequence
from typing import Final

from streams.analysis.case import Case
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.complaint import complaint
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_LONGEST_LISTED: Final = 6
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
        yield Finding.quoting(quote, "command.timeout", Severity.WARNING, case.asked)


def _not_found(case: Case) -> Iterator[Finding]:
    """Yield at most one finding: the complaint, or the exit code 127 that stands for it."""
    found, exit_code = complaint(case.document), case.execution.exit_code
    subject = case.asked
    if found is not None and (exit_code == 127 or not _quotes_others(case)):
        facts = {} if exit_code is None else {"exit_code": str(exit_code)}
        quote, subject = case.document.quote(found.line), found.name or subject
    elif exit_code == 127:
        facts, quote = {"exit_code": "127"}, case.document.last_words()
    else:
        return
    yield Finding.quoting(quote, "command.not_found", Severity.WARNING, subject, facts)


def _quotes_others(case: Case) -> bool:
    """Whether the output may quote a complaint rather than be one: a listing that really lists."""
    return case.lists_text and sum(bool(line.strip()) for line in case.document.body) > _LONGEST_LISTED


def command_failed(case: Case, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield `command.failed` if the process failed and no more specific finding explains it."""
    exit_code = case.execution.exit_code
    failed = case.execution.status == "FAILED" if exit_code is None else exit_code != 0
    if not failed or any(finding.kind in _EXPLAINING for finding in findings):
        return
    facts = {"exit_code": "unknown" if exit_code is None else str(exit_code)}
    yield Finding.quoting(case.document.last_words(), "command.failed", Severity.WARNING, case.asked, facts)


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
