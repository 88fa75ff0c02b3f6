"""kill -9 of the sink at every step of a delivery of several partitions: a real process, broker and ClickHouse."""

import signal
from collections.abc import Callable, Iterator

import httpx
import pytest

from sinks.settings import SinkSettings
from tests.services.reading import read_topic
from tests.sinks.conftest import Start
from tests.sinks.door import Door, Moment, Passage, door_to
from tests.sinks.events import poison, value
from tests.sinks.sink_process import SinkProcess, publish, query, wait_for

ROWS = "SELECT count() FROM commands"
COUNTED = "SELECT sum(commands) FROM command_counts"
PLACES = "SELECT uniqExact(kafka_partition, kafka_offset) FROM commands"
KEPT_MESSAGES = "SELECT sum(next) FROM (SELECT max(next_offset) AS next FROM sink_offsets GROUP BY kafka_partition)"
SIX = 6
"""Partitions; a list of theirs is three bundles here."""
OPTIONS = {"NETCOPILOT_SINK_BLOCK_ROWS": "80", "NETCOPILOT_SINK_BLOCK_AGE_SECONDS": "2"}

KEPT = "kept, not told so"


@pytest.fixture
def partitions() -> int:
    return SIX


@pytest.fixture
def door(stream_settings: SinkSettings) -> Iterator[Door]:
    with door_to(stream_settings.clickhouse_url) as made:
        yield made


def _moments(kill: Callable[[], None]) -> dict[str, tuple[str, list[Moment]]]:
    """Where the sink dies: by name, the statement on its way and what happens to that, one after the other."""

    def at(*steps: Callable[[Passage], None]) -> Moment:
        def moment(passage: Passage) -> None:
            for step in steps:
                step(passage)

        return moment

    def die(_passage: Passage) -> None:
        kill()

    insert, keep = "INSERT INTO commands", "INSERT INTO sink_offsets"
    return {
        "claimed, not inserted": (insert, [at(die)]),
        "half inserted": (insert, [at(Passage.deliver_half, die)]),
        "inserted, not told so": (insert, [at(Passage.deliver, die)]),
        "one inserted, the next half": (insert, [Passage.forward, at(Passage.deliver_half, die)]),
        "two inserted, the next not told so": (insert, [Passage.forward] * 2 + [at(Passage.deliver, die)]),
        "dead letters sent, not kept": (keep, [at(die)]),
        KEPT: (keep, [at(Passage.deliver, die)]),
    }


@pytest.mark.parametrize("name", list(_moments(lambda: None)))
@pytest.mark.parametrize("bad", [[], list(poison().values())], ids=["good", "poisoned"])
def test_what_was_under_way_is_there_once(
    stream_settings: SinkSettings, start: Start, door: Door, name: str, bad: list[bytes | None]
) -> None:
    behind = stream_settings.model_copy(update={"clickhouse_url": door.url})
    sink = start(behind, **OPTIONS)
    publish(stream_settings, [value(number) for number in range(30)], partitions=SIX)
    wait_for(lambda: query(stream_settings, ROWS) == 30, "the first rows")
    _stop_merges(stream_settings)

    words, moments = _moments(lambda: _kill(sink))[name]
    door.meet(words, *moments)
    publish(stream_settings, [*map(value, range(30, 130)), *bad, *map(value, range(130, 230))], partitions=SIX)
    wait_for(lambda: sink.process is not None and sink.process.poll() is not None, "the sink's death")
    assert door.met == len(moments)

    successor = start(stream_settings, **OPTIONS)
    wait_for(lambda: bool(successor.events("reading")), "a successor")
    wait_for(lambda: query(stream_settings, KEPT_MESSAGES) == 230 + len(bad), "all that was under way written and kept")
    wait_for(lambda: len(_dead(stream_settings)) == len(bad), "all dead letters")
    assert query(stream_settings, "SELECT uniqExact(sequence) FROM commands") == 230
    assert len(successor.events("replaying_claimed_block")) == (0 if name == KEPT else SIX)
    assert query(stream_settings, ROWS) == query(stream_settings, COUNTED) == query(stream_settings, PLACES) == 230


def _stop_merges(settings: SinkSettings) -> None:
    """Let rows that are written twice stand."""
    statement = f"SYSTEM STOP MERGES {settings.clickhouse_database}.commands"
    httpx.post(settings.clickhouse_url, content=statement).raise_for_status()


def _kill(sink: SinkProcess) -> None:
    sink.end(signal.SIGKILL)


def _dead(settings: SinkSettings) -> set[tuple[bytes | str | None, ...]]:
    """Return the places named by the dead letters: one that was sent again names the same."""
    letters = read_topic(settings.kafka_bootstrap_servers, settings.dead_letter_topic)
    found = (dict(letter.headers() or []) for letter in letters)
    return {(headers["dlq.partition"], headers["dlq.offset"]) for headers in found}
