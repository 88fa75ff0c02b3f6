"""What passes is waited for: the sink tries again for ever, and stays in its group meanwhile."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from cli.stack.tansu import tansu_spec
from runtime.lifecycle import EXIT_CONFIGURATION
from sinks.settings import SinkSettings
from tests.services.child import Child
from tests.services.process import HOST, free_port
from tests.sinks.conftest import Start
from tests.sinks.door import Door, Moment, Passage, door_to
from tests.sinks.events import value
from tests.sinks.sink_process import publish, query, wait_for

ROWS = "SELECT count() FROM commands"
COUNTED = "SELECT sum(commands) FROM command_counts"


@pytest.fixture
def door(stream_settings: SinkSettings) -> Iterator[Door]:
    with door_to(stream_settings.clickhouse_url) as made:
        yield made


def _bad_gateway(passage: Passage) -> None:
    passage.answer(502)


def _too_many_parts(passage: Passage) -> None:
    passage.answer(500, b"Code: 252. DB::Exception: Too many parts", X_ClickHouse_Exception_Code="252")


def _taken_but_reset(passage: Passage) -> None:
    passage.deliver()
    passage.reset()


def _cut(passage: Passage) -> None:
    passage.deliver_half()
    passage.reset()


@pytest.mark.parametrize("fault", [_bad_gateway, _too_many_parts, _taken_but_reset, _cut, Passage.hold])
def test_an_insert_is_tried_until_it_is_taken(
    stream_settings: SinkSettings, start: Start, door: Door, fault: Moment
) -> None:
    sink = start(
        stream_settings.model_copy(update={"clickhouse_url": door.url}), NETCOPILOT_SINK_INSERT_TIMEOUT_SECONDS="1"
    )
    wait_for(lambda: bool(sink.events("reading")), "a place to read")
    door.meet("INSERT INTO commands", fault, fault, fault)
    publish(stream_settings, [value(number) for number in range(60)])
    wait_for(lambda: query(stream_settings, ROWS) >= 60 and door.met == 3, "rows behind three faults")
    wait_for(lambda: sink.health("/readyz")[0] == 200, "ready again")
    assert query(stream_settings, ROWS) == query(stream_settings, COUNTED) == 60
    assert sink.events("retrying")
    assert not sink.events("dead_letters")


def test_a_long_silence_of_clickhouse_does_not_cost_the_membership(
    stream_settings: SinkSettings, start: Start, door: Door
) -> None:
    session = 6.0
    sink = start(
        stream_settings.model_copy(update={"clickhouse_url": door.url}),
        NETCOPILOT_SINK_SESSION_TIMEOUT_SECONDS=str(session),
    )
    publish(stream_settings, [value(0)])
    wait_for(lambda: query(stream_settings, ROWS) == 1, "the first row")
    before = _members(stream_settings)
    assigned = sink.events("assigned")

    door.meet("INSERT INTO commands", *[Passage.hold] * 10)
    silence = time.monotonic()
    publish(stream_settings, [value(number) for number in range(1, 200)])
    wait_for(lambda: door.met > 0, "an insert that hangs")
    wait_for(lambda: time.monotonic() - silence > 3 * session, "several session timeouts")
    assert sink.health("/healthz")[0] == 200
    assert _members(stream_settings) == before
    door.opened.set()

    wait_for(lambda: query(stream_settings, ROWS) == 200, "all rows")
    assert _members(stream_settings) == before
    assert sink.events("assigned") == assigned
    assert not sink.events("revoked")


@pytest.mark.parametrize("away", [Child.pause, Child.kill])
def test_a_broker_may_be_away(
    stream_settings: SinkSettings, start: Start, tmp_path: Path, away: Callable[[Child], None]
) -> None:
    port = free_port()
    own = stream_settings.model_copy(update={"kafka_bootstrap_servers": f"{HOST}:{port}"})
    broker = Child(tansu_spec(host=HOST, port=port), tmp_path)
    broker.start()
    try:
        broker.wait_until_ready()
        _make(own)
        sink = start(own)
        publish(own, [value(number) for number in range(50)])
        wait_for(lambda: query(own, ROWS) == 50, "rows")
        away(broker)
        wait_for(lambda: sink.health("/readyz")[0] == 503, "not ready without a broker")
        assert sink.health("/healthz")[0] == 200
        if broker.runs:
            broker.resume()
        else:
            broker.start()
            broker.wait_until_ready()
            _make(own)
        publish(own, [value(number) for number in range(50)])
        wait_for(lambda: query(own, ROWS) == 100, "rows behind the broker's return")
        assert query(own, COUNTED) == 100
        assert sink.end(signal.SIGTERM) == 0
    finally:
        broker.kill()


@pytest.mark.parametrize(
    ("code", "name", "cure"),
    [(516, "AUTHENTICATION_FAILED", "NETCOPILOT_CLICKHOUSE_PASSWORD"), (497, "ACCESS_DENIED", "grant")],
)
def test_what_time_does_not_mend_ends_the_sink_and_costs_nothing(
    stream_settings: SinkSettings, start: Start, door: Door, code: int, name: str, cure: str
) -> None:
    def refuse(passage: Passage) -> None:
        text = f"Code: {code}. DB::Exception: no. ({name})"
        passage.answer(403, text.encode(), X_ClickHouse_Exception_Code=str(code))

    door.meet("INSERT INTO commands", refuse)
    publish(stream_settings, [value(0), b"no event"])
    sink = start(stream_settings.model_copy(update={"clickhouse_url": door.url}))
    assert sink.process is not None
    assert sink.process.wait(150) == EXIT_CONFIGURATION
    (entry,) = sink.events("configuration")
    assert name in str(entry["error"])
    assert cure in str(entry["error"])
    assert not sink.events("dead_letters")

    start(stream_settings)
    wait_for(lambda: query(stream_settings, ROWS) == 1, "the row, once it may be written")


def _members(settings: SinkSettings) -> set[str]:
    """Return the ids of the group's members; none on the embedded broker, which does not tell them."""
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    described = admin.describe_consumer_groups([settings.sink_group])[settings.sink_group].result(30)
    return {str(member.member_id) for member in described.members}


def _make(settings: SinkSettings) -> None:
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    wanted = [NewTopic(name, 1, 1) for name in (settings.topic, settings.dead_letter_topic)]
    for made in admin.create_topics(wanted).values():
        made.result(30)
