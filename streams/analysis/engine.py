"""The engine: parse, read, judge, summarise, fingerprint."""

from dataclasses import replace

from streams.analysis.analysis import Analysis
from streams.analysis.case import Case
from streams.analysis.command_line import read_command
from streams.analysis.command_template import command_template
from streams.analysis.deadline import DeadlineExceededError, deadline
from streams.analysis.document import Document, embedded_document, read_document
from streams.analysis.execution import Execution
from streams.analysis.fingerprint import Identity, exact_fingerprint, shared_fingerprint
from streams.analysis.judgement import Judgement, judgement
from streams.analysis.parsers.json_output import carried_text
from streams.analysis.parsers.parse import Parse
from streams.analysis.parsers.selection import Request, parse
from streams.analysis.platform import platform_of
from streams.analysis.rules.catalogue import FAMILIES, RULES_VERSION
from streams.analysis.rules.rule import Reading
from streams.analysis.summary import summarise


class Engine:
    """Turns executions into analyses; a pure function with warm caches.

    `deadline` bounds each attempt to parse, and the rules of one execution together, in seconds of
    wall-clock time. It holds in the main thread only (see `deadline.deadline`); other threads get the same
    answers without a deadline.
    """

    def __init__(self, deadline: float = 0.25) -> None:
        self._deadline = deadline

    def analyze(self, execution: Execution) -> Analysis:
        """Return the analysis of `execution`; any text is accepted and nothing is raised."""
        case = self._case(execution)
        return _analysis(case, self._judge(case))

    def _case(self, execution: Execution) -> Case:
        command, platform = read_command(execution.command), platform_of(execution.os_type)
        document = read_document(execution.output, command)
        result = parse(Request(document, command, platform), self._deadline)
        inner = _carried_document(execution.output, document, result)
        if inner is not None:
            document = inner
            result = parse(Request(document, replace(command, filtered=False), platform), self._deadline)
        return Case(execution, command, platform, document, result)

    def _judge(self, case: Case) -> Judgement:
        """Let every family read the case, and the failure of the process be explained by what they found."""
        readings: list[Reading] = []
        try:
            with deadline(self._deadline):
                for family in FAMILIES:
                    readings.append(family.read(case))  # noqa: PERF401  # what was read before the deadline counts
        except DeadlineExceededError:
            return judgement(case, readings, finished=False)
        return judgement(case, readings, finished=True)


def _carried_document(output: str, document: Document, result: Parse) -> Document | None:
    if result.parser != "json" or document.lines is not document.raw_lines:
        return None
    text = carried_text(result.data)
    return embedded_document(output, text) if text else None


def _analysis(case: Case, judged: Judgement) -> Analysis:
    template = command_template(case.execution.command)
    identity = Identity(
        execution=case.execution,
        command_template=template,
        parser=case.parse.parser,
        parser_version=case.parse.version,
        rules_version=RULES_VERSION,
        verdict=judged.verdict,
        findings=judged.findings,
        facts=judged.facts,
    )
    return Analysis(
        fingerprint=shared_fingerprint(identity) if judged.shareable else exact_fingerprint(identity),
        parser=case.parse.parser,
        parser_version=case.parse.version,
        parse_status=judged.parse_status.value,
        rules_version=RULES_VERSION,
        verdict=judged.verdict,
        summary=summarise(judged.verdict, judged.findings, judged.headlines, template),
        findings=judged.findings,
        facts=judged.facts,
        command_template=template,
    )
