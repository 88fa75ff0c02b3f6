"""kill -9 of the sink at every step of a delivery: a real process, broker and ClickHouse."""

import signal
from collections.abc import Callable, Iterator

import pytest

from sinks.settings import SinkSettings
from tests.services.reading import read_topic
from tests.sinks.conftest import Start
from tests.sinks.door import Door, Moment, Passage, door_to
from tests.sinks.events import poison, value
from tests.sinks.sink_process import SinkProcess, publish, query, wait_for

ROWS = "SELECT count() FROM commands"
COUNTED = "SELECT sum(commands) FROM command_counts"
IN_ORDER = "SELECT count() FROM (SELECT kafka_offset FROM commands GROUP BY kafka_offset)"

Kill = Callable[[Passage], None]


@pytest.fixture
def door(stream_settings: SinkSettings) -> Iterator[Door]:
    with door_to(stream_settings.clickhouse_url) as made:
        yield made


def _moments(kill: Callable[[], None]) -> dict[str, tuple[str, Moment]]:
    """Where the sink dies: by name, the statement on its way and what happens to that."""

    def at(*steps: Callable[[Passage], None]) -> Moment:
        def moment(passage: Passage) -> None:
            for step in steps:
                step(passage)

        return moment

    def die(_passage: Passage) -> None:
        kill()

    insert, keep = "INSERT INTO commands", "INSERT INTO sink_offsets"
    return {
        "claimed, not inserted": (insert, at(die)),
        "half inserted": (insert, at(Passage.deliver_half, die)),
        "inserted, not told so": (insert, at(Passage.deliver, die)),
        "dead letters sent, not kept": (keep, at(die)),
        "kept, not told so": (keep, at(Passage.deliver, die)),
    }


@pytest.mark.parametrize("name", list(_moments(lambda: None)))
def test_what_was_under_way_is_there_once(stream_settings: SinkSettings, start: Start, door: Door, name: str) -> None:
    bad = list(poison().values())
    behind = stream_settings.model_copy(update={"clickhouse_url": door.url})
    sink = start(behind)
    publish(stream_settings, [value(number) for number in range(30)])
    wait_for(lambda: query(stream_settings, ROWS) == 30, "the first rows")

    words, moment = _moments(lambda: _kill(sink))[name]
    door.meet(words, moment)
    publish(stream_settings, [*map(value, range(30, 130)), *bad, *map(value, range(130, 230))])
    wait_for(lambda: sink.process is not None and sink.process.poll() is not None, "the sink's death")
    assert door.met == 1

    start(stream_settings)
    wait_for(lambda: query(stream_settings, "SELECT uniqExact(sequence) FROM commands") == 230, "all rows")
    wait_for(lambda: len(_dead(stream_settings)) == len(bad), "all dead letters")
    assert query(stream_settings, ROWS) == query(stream_settings, COUNTED) == 230
    assert query(stream_settings, IN_ORDER) == 230


def _kill(sink: SinkProcess) -> None:
    sink.end(signal.SIGKILL)


def _dead(settings: SinkSettings) -> set[bytes | str | None]:
    """Return the offsets named by the dead letters: one that was sent again names the same."""
    letters = read_topic(settings.kafka_bootstrap_servers, settings.dead_letter_topic)
    return {dict(letter.headers() or [])["dlq.offset"] for letter in letters}
