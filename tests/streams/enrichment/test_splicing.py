import time

from schemas.headers import ANALYZED_TYPE, EXECUTED_TYPE
from schemas.registry import PackageRegistry
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.enrichment.encoding import CacheStatus
from streams.enrichment.outcome import Analyzed
from streams.enrichment.sighting import Sighted, Sighter
from streams.enrichment.splicing import Moment, splice
from tests.streams.records import MadeRecord, analyzed_record, event, record_of

SENT = record_of(event(command="uptime", output="up 3 days"))


def sighted(record: MadeRecord) -> Sighted:
    seen = Sighter(PackageRegistry()).sight(record)
    assert isinstance(seen, Sighted)
    return seen


def spliced(record: MadeRecord, moment: Moment | None = None) -> Analyzed:
    seen = sighted(record)
    analysis = Engine().analyze(Execution("default", "linux", "uptime", "OK", 0, "up 3 days"))
    return splice(seen, seen.plan.encoder.shared_part(analysis), CacheStatus.HIT_OUTPUT, moment)


def test_events_of_a_moment_are_analysed_at_once_and_waited_as_long_as_they_did() -> None:
    moment, now_ms = Moment(), time.time_ns() // 1_000_000
    records = [MadeRecord(SENT.value, timestamp=now_ms - waited) for waited in (1_000, 1_250, 1_250, 5_000)]
    analysed = [analyzed_record(spliced(each, moment).value) for each in records]
    assert len({each["analyzed_at"] for each in analysed}) == 1
    first, *others = (each["analysis_latency_us"] for each in analysed)
    assert [other - first for other in others] == [250_000, 250_000, 4_000_000]


def test_an_event_from_the_future_did_not_wait() -> None:
    record = MadeRecord(SENT.value, timestamp=time.time_ns() // 1_000_000 + 60_000)
    assert analyzed_record(spliced(record).value)["analysis_latency_us"] == 0


def test_the_type_is_changed_wherever_it_stands() -> None:
    other = ("ce_id", b"1")
    for headers in ([EXECUTED_TYPE, other], [other, EXECUTED_TYPE]):
        changed = [ANALYZED_TYPE if header == EXECUTED_TYPE else header for header in headers]
        assert spliced(MadeRecord(SENT.value, headers=headers)).headers == changed
    assert spliced(MadeRecord(SENT.value)).headers == []
