"""The engine: parse, read, judge, summarise, fingerprint."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from streams.analysis.analysis import Analysis, ParseStatus
from streams.analysis.command_line import CommandLine, read_command
from streams.analysis.command_template import command_template
from streams.analysis.deadline import DeadlineExceededError, deadline
from streams.analysis.document import Document, embedded_document, read_document
from streams.analysis.execution import Execution
from streams.analysis.finding import UNKNOWN, Finding, Severity
from streams.analysis.fingerprint import Identity, exact_fingerprint, shared_fingerprint
from streams.analysis.parsers.json_output import carried_text
from streams.analysis.parsers.parse import Parse
from streams.analysis.parsers.selection import Request, parse
from streams.analysis.platform import platform_of
from streams.analysis.rules.answers import is_empty_answer
from streams.analysis.rules.catalogue import FAMILIES, RULES_VERSION
from streams.analysis.rules.command import command_failed
from streams.analysis.rules.rule import Case, Family, Reading
from streams.analysis.summary import summarise

_MOST_FINDINGS: Final = 50


class Engine:
    """Turns executions into analyses; a pure function with warm caches.

    `deadline` bounds each attempt to parse, and the rules of one execution together, in seconds of
    wall-clock time. It holds in the main thread only (see `deadline.deadline`). One engine is for one
    thread: compiled templates are reused and hold state while they parse.
    """

    def __init__(self, deadline: float = 0.25) -> None:
        self._deadline = deadline

    def analyze(self, execution: Execution) -> Analysis:
        """Return the analysis of `execution`; any text is accepted and nothing is raised."""
        case = self._case(execution)
        readings = self._readings(case)
        findings = _sorted([*(finding for reading in readings for finding in reading.findings)])
        findings = _sorted([*findings, *command_failed(case, findings)])
        verdict = _verdict(case, readings, findings)
        return _analysis(case, readings, findings, verdict)

    def _case(self, execution: Execution) -> Case:
        command, platform = read_command(execution.command), platform_of(execution.os_type)
        document = read_document(execution.output, command)
        result = parse(Request(document, command, platform), self._deadline)
        inner = _carried_document(execution.output, document, result)
        if inner is not None:
            document = inner
            result = parse(Request(document, _without_json(command), platform), self._deadline)
        return Case(execution, command, platform, document, result)

    def _readings(self, case: Case) -> list[Reading]:
        """Let every family read the case; a family that runs out of time has read nothing."""
        readings: list[Reading] = []
        try:
            with deadline(self._deadline):
                for family in FAMILIES:
                    readings.append(_read(family, case))  # what was read before a deadline counts
        except DeadlineExceededError:
            readings.append(Reading(facts={"rules_timeout": family.name}))
        return readings


def _read(family: Family, case: Case) -> Reading:
    return family.read(case)


def _carried_document(output: str, document: Document, result: Parse) -> Document | None:
    if result.parser != "json" or document.lines is not document.raw_lines:
        return None
    text = carried_text(result.data)
    return embedded_document(output, text) if text else None


def _without_json(command: CommandLine) -> CommandLine:
    return replace(command, filtered=False)


def _sorted(findings: Sequence[Finding]) -> list[Finding]:
    """Order by line, then by kind: the order in which a reader meets them."""
    return sorted(findings, key=lambda finding: (finding.line_start, finding.kind, finding.subject))


def _verdict(case: Case, readings: Sequence[Reading], findings: Sequence[Finding]) -> str:
    if findings:
        return max(finding.severity for finding in findings).symbol
    parsed = case.parse.status is ParseStatus.PARSED
    understood = parsed or any(reading.complete for reading in readings) or is_empty_answer(case.document)
    return Severity.OK.symbol if understood else UNKNOWN


def _analysis(case: Case, readings: Sequence[Reading], findings: list[Finding], verdict: str) -> Analysis:
    kept = tuple(_at_most(findings))
    facts = {name: value for reading in readings for name, value in reading.facts.items()}
    template = command_template(case.execution.command)
    complete = any(reading.complete for reading in readings)
    identity = Identity(
        case.execution, template, case.parse.parser, case.parse.version, RULES_VERSION, verdict, kept, facts
    )
    shareable = case.parse.status is ParseStatus.PARSED and complete
    return Analysis(
        fingerprint=shared_fingerprint(identity) if shareable else exact_fingerprint(identity),
        parser=case.parse.parser,
        parser_version=case.parse.version,
        parse_status=_status(case.parse, complete=complete).value,
        rules_version=RULES_VERSION,
        verdict=verdict,
        summary=summarise(verdict, kept, [each.headline for each in readings if each.headline], template),
        findings=kept,
        facts=facts,
        command_template=template,
    )


def _status(result: Parse, *, complete: bool) -> ParseStatus:
    """Return PARTIAL where rules recognised an output that no parser read."""
    return ParseStatus.PARTIAL if complete and result.status is ParseStatus.UNPARSED else result.status


def _at_most(findings: list[Finding]) -> list[Finding]:
    """Keep the 50 worst, in the output's order, and count the rest in a last finding."""
    if len(findings) <= _MOST_FINDINGS:
        return findings
    worst = sorted(range(len(findings)), key=lambda index: -findings[index].severity)[:_MOST_FINDINGS]
    last = findings[max(worst)]
    rest = Finding(
        kind="findings.truncated",
        severity=Severity.INFO,
        subject="findings",
        evidence=last.evidence,
        line_start=last.line_start,
        line_end=last.line_end,
        facts={"count": str(len(findings) - _MOST_FINDINGS)},
    )
    return [*(findings[index] for index in sorted(worst)), rest]
