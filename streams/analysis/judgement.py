"""What the families' readings of one execution amount to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from streams.analysis.analysis import ParseStatus
from streams.analysis.case import Case
from streams.analysis.finding import UNKNOWN, Finding, Severity
from streams.analysis.fingerprint import Understanding
from streams.analysis.rules.answers import is_empty_answer
from streams.analysis.rules.catalogue import families_about
from streams.analysis.rules.command import command_failed
from streams.analysis.rules.rule import Reading

_MOST_FINDINGS: Final = 50
_XML: Final = "jc:xml"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict and what it rests on.

    `findings` stand in the order of the output, 50 of them at most and `findings.truncated` after them.
    `understanding` says what may stand for the output where an explanation is shared: findings and facts if some
    family read all of it, its parsed data if only a parser did.
    """

    verdict: str
    findings: tuple[Finding, ...]
    facts: Mapping[str, str]
    headlines: tuple[str, ...]
    parse_status: ParseStatus
    understanding: Understanding


def judgement(case: Case, readings: Sequence[Reading], *, finished: bool) -> Judgement:
    """Return what `readings` amount to; not `finished` means that the rules ran out of time."""
    found = [finding for reading in readings for finding in reading.findings]
    found += command_failed(case, found)
    findings = tuple(_at_most(sorted(found, key=lambda finding: finding.line_start)))
    complete = finished and any(reading.complete for reading in readings)
    status = _status(case, complete=complete) if finished else ParseStatus.TIMEOUT
    return Judgement(
        verdict=_verdict(case, findings, status, complete=complete),
        findings=findings,
        facts={name: value for reading in readings for name, value in reading.facts.items()},
        headlines=tuple(reading.headline for reading in readings if reading.headline),
        parse_status=status,
        understanding=_understanding(status, complete=complete),
    )


def _verdict(case: Case, findings: Sequence[Finding], status: ParseStatus, *, complete: bool) -> str:
    if findings:
        return max(finding.severity for finding in findings).symbol
    parsed = status is ParseStatus.PARSED and not _is_foreign(case)
    return Severity.OK.symbol if complete or parsed or is_empty_answer(case.document) else UNKNOWN


def _is_foreign(case: Case) -> bool:
    """Whether the answer to a command that rules know came in XML, which no rule reads."""
    return case.parse.parser == _XML and any(family.about for family in families_about(case.command))


def _status(case: Case, *, complete: bool) -> ParseStatus:
    """Return PARTIAL where rules recognised an output that no parser read."""
    recognised = complete and case.parse.status is ParseStatus.UNPARSED
    return ParseStatus.PARTIAL if recognised else case.parse.status


def _understanding(status: ParseStatus, *, complete: bool) -> Understanding:
    if complete and status is not ParseStatus.TIMEOUT:
        return Understanding.READ
    return Understanding.PARSED if status is ParseStatus.PARSED else Understanding.NONE


def _at_most(findings: list[Finding]) -> list[Finding]:
    """Keep the 50 worst, in the output's order, and count the rest in a last finding."""
    if len(findings) <= _MOST_FINDINGS:
        return findings
    by_weight = sorted(range(len(findings)), key=lambda index: _weight(findings[index]))
    kept, dropped = sorted(by_weight[:_MOST_FINDINGS]), by_weight[_MOST_FINDINGS:]
    first_dropped = findings[min(dropped)]
    rest = Finding(
        kind="findings.truncated",
        severity=Severity.INFO,
        subject="findings",
        evidence=first_dropped.evidence,
        line_start=first_dropped.line_start,
        line_end=first_dropped.line_end,
        facts={"count": str(len(dropped))},
    )
    return [*(findings[index] for index in kept), rest]


def _weight(finding: Finding) -> tuple[int, bool]:
    """Order findings by severity; among equals what is the matter with the whole execution stands first."""
    return -finding.severity, not finding.kind.startswith(("command.", "access."))
