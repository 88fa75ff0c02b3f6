from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.enrich.agreement import DisagreementError, Said, check_agreement, said_by
from benchmarks.enrich.load import Backlog, Message, known, mixed
from benchmarks.enrich.meter import Meter
from benchmarks.enrich.peers import textbook
from benchmarks.enrich.peers.stock_faust import CommandAnalyzed, CommandExecuted
from schemas.headers import ANALYZED_TYPE, Headers
from streams.analysis import Execution
from streams.caching.redis_link import RedisLink
from streams.enrichment.outcome import Analyzed
from tests.streams.enrichers import NOWHERE, enriched, make_enricher
from tests.streams.records import MadeRecord, batch_of


class Sent:
    """A message of commands.analyzed as confluent-kafka hands it over."""

    def __init__(self, message: Message, value: bytes) -> None:
        self._message = message
        self._value = value

    def key(self) -> bytes:
        return self._message.key

    def value(self) -> bytes:
        return self._value

    def headers(self) -> Headers:
        return [ANALYZED_TYPE, *self._message.headers[1:]]


async def by_the_worker(backlog: Backlog) -> list[Said]:
    records = [MadeRecord(each.value, key=each.key, headers=each.headers) for each in backlog.messages]  # type: ignore[arg-type]
    outcomes = await enriched(make_enricher(RedisLink(NOWHERE, timeout=0.1)), batch_of(*records))
    values = [outcome.value for outcome in outcomes if isinstance(outcome, Analyzed)]
    return said_by(Sent(message, value) for message, value in zip(backlog.messages, values, strict=True))  # type: ignore[misc]


def by_the_textbook(backlog: Backlog, **changes: Any) -> list[Said]:
    return said_by(Sent(each, _analyzed(each.value, changes)) for each in backlog.messages)  # type: ignore[misc]


def _analyzed(value: bytes, changes: dict[str, Any]) -> bytes:
    """Return what the Faust application publishes for a message."""
    event = CommandExecuted(**textbook.unpack(textbook.EXECUTED_SCHEMA, value))
    execution = Execution(**{name: getattr(event, name) for name in Execution.__slots__})
    own = textbook.own_fields(datetime.now(UTC).timestamp(), known=False)
    analyzed = CommandAnalyzed(**event.asdict(), **own, **textbook.analyze(execution) | changes)
    return textbook.pack(textbook.ANALYZED_SCHEMA, analyzed.to_representation())


@pytest.mark.parametrize("backlog", [known(60, outputs=20), mixed(60)], ids=["known", "mixed"])
async def test_the_textbook_says_what_the_worker_says(backlog: Backlog) -> None:
    check_agreement("textbook", by_the_textbook(backlog), await by_the_worker(backlog))


def test_a_peer_that_says_something_else_is_found_out() -> None:
    backlog = known(5, outputs=5)
    reference = by_the_textbook(backlog)
    with pytest.raises(DisagreementError, match="something else of 5 of 5"):
        check_agreement("lazy", by_the_textbook(backlog, findings=[], verdict="ok", summary=""), reference)


def test_an_event_that_is_given_out_twice_is_found_out() -> None:
    said = by_the_textbook(known(5, outputs=5))
    with pytest.raises(DisagreementError, match="twice"):
        check_agreement("eager", [*said, said[0]], said)


def test_known_outputs_repeat_and_mixed_ones_hardly() -> None:
    commonest = [textbook.unpack(textbook.EXECUTED_SCHEMA, each.value)["output"] for each in known(500).messages]
    drifting = [textbook.unpack(textbook.EXECUTED_SCHEMA, each.value)["output"] for each in mixed(500).messages]
    assert len(set(commonest)) < 0.5 * len(commonest)
    assert len(set(drifting)) > len(set(commonest))
    assert max(map(commonest.count, set(commonest))) > 0.1 * len(commonest)


def test_the_start_of_a_backlog_is_not_measured() -> None:
    meter = Meter([])
    assert [meter.look(done, of=1_000) for done in (0, 99, 150, 900, 1_000)] == [False] * 4 + [True]
    assert meter.cost().events == 850


def test_a_backlog_that_is_over_at_once_has_no_cost() -> None:
    meter = Meter([])
    meter.look(10, of=10)
    with pytest.raises(ValueError, match="more events"):
        meter.cost()


def test_cost_is_counted_by_event() -> None:
    meter = Meter([])
    meter.look(1, of=10)
    meter.look(10, of=10)
    cost = replace(meter.cost(), seconds=3.0, cpu_seconds=0.9)
    assert cost.events_per_second == pytest.approx(3.0)
    assert cost.cpu_us == pytest.approx(100_000)
