"""The engine: parse, read, judge, summarise, fingerprint."""

from typing import Final

from streams.analysis.analysis import Analysis
from streams.analysis.case import Case
from streams.analysis.command_template import command_template
from streams.analysis.deadline import Deadline, DeadlineExceededError, within
from streams.analysis.document import Document, embedded_document, read_document
from streams.analysis.execution import Execution
from streams.analysis.fingerprint import Identity, fingerprint
from streams.analysis.judgement import Judgement, judgement
from streams.analysis.parsers.json_output import carried_text
from streams.analysis.parsers.parse import TIMED_OUT, Parse
from streams.analysis.parsers.reader import Reader, reader_of
from streams.analysis.rules.catalogue import RULES_VERSION, families_about
from streams.analysis.rules.rule import Reading
from streams.analysis.summary import summarise
from streams.analysis.thresholds import DEFAULT_BOOK, ThresholdBook, Thresholds

_PARSING_ENDS: Final = 0.7
_READING_ENDS: Final = 0.9
_UNREAD: Final = Document(raw_lines=(), lines=(), text="", lowered="", stdout="", first=0, last=0)


class Engine:
    """Turns executions into analyses; a pure function with warm caches.

    `deadline` bounds one analysis from its first look at the output to its fingerprint, in seconds of
    processor time. Parsing may take 70 % of it and the rules until 90 %, so that a runaway parse leaves
    the rules their time. It holds in the main thread only (see `deadline.within`); other threads get the
    same answers without a deadline. `thresholds` holds the limits that each tenant's outputs are judged by.
    """

    def __init__(self, deadline: float = 0.25, thresholds: ThresholdBook = DEFAULT_BOOK) -> None:
        self._deadline = deadline
        self._thresholds = thresholds

    def analyze(self, execution: Execution, deadline: float | None = None) -> Analysis:
        """Return the analysis of `execution`; any text is accepted and nothing is raised.

        `deadline` (seconds) overrides the engine's own for this call. What was cut short by it has the
        parse_status TIMEOUT and says no more than was found until then.
        """
        limit = Deadline(self._deadline if deadline is None else deadline, _PARSING_ENDS)
        reader = reader_of(execution.os_type, execution.command)
        thresholds = self._thresholds.of(execution.tenant_id)
        try:
            return within(limit, lambda: _understand(execution, reader, thresholds, limit))
        except DeadlineExceededError:
            return _cut_short(execution, reader)

    def give_up(self, execution: Execution) -> Analysis:
        """Return what can be said of `execution` without a look at its output; the parse_status is TIMEOUT."""
        return _cut_short(execution, reader_of(execution.os_type, execution.command))


def _understand(execution: Execution, reader: Reader, thresholds: Thresholds, limit: Deadline) -> Analysis:
    case = _case(execution, reader, thresholds, limit)
    limit.allow(_READING_ENDS)
    readings: list[Reading] = []
    finished = _read(case, readings)
    limit.allow(1.0)
    return _analysis(case, judgement(case, readings, finished=finished))


def _cut_short(execution: Execution, reader: Reader) -> Analysis:
    """Return what can be said of an execution without a look at its output."""
    case = Case(execution, reader.command, reader.platform, _UNREAD, TIMED_OUT)
    return _analysis(case, judgement(case, (), finished=False))


def _case(execution: Execution, reader: Reader, thresholds: Thresholds, limit: Deadline) -> Case:
    document = read_document(execution.output, reader.command)
    result = reader.parse(document, limit)
    inner = _carried_document(execution.output, document, result)
    if inner is not None:
        document = inner
        result = reader.parse_carried(document, limit)
    return Case(execution, reader.command, reader.platform, document, result, thresholds)


def _read(case: Case, readings: list[Reading]) -> bool:
    """Add every family's reading to `readings`; False if the time was over before the last of them."""
    try:
        for family in families_about(case.command):
            readings.append(family.read(case))  # noqa: PERF401  # what was read before the deadline counts
    except DeadlineExceededError:
        return False
    return True


def _carried_document(output: str, document: Document, result: Parse) -> Document | None:
    if result.parser != "json" or document.lines is not document.raw_lines:
        return None
    text = carried_text(result.data)
    return embedded_document(output, text) if text else None


def _analysis(case: Case, judged: Judgement) -> Analysis:
    template = command_template(case.execution.command, case.execution.os_type)
    identity = Identity(
        execution=case.execution,
        command_template=template,
        parser=case.parse.parser,
        parser_version=case.parse.version,
        rules_version=RULES_VERSION,
        verdict=judged.verdict,
        findings=judged.findings,
        facts=judged.facts,
        data=case.parse.read,
    )
    named = fingerprint(identity, judged.understanding)
    return Analysis(
        fingerprint=named.digest,
        parser=case.parse.parser,
        parser_version=case.parse.version,
        parse_status=judged.parse_status.value,
        rules_version=RULES_VERSION,
        verdict=judged.verdict,
        summary=summarise(judged.verdict, judged.findings, judged.headlines, template),
        findings=judged.findings,
        facts=judged.facts,
        command_template=template,
        shareable=named.shareable,
    )
