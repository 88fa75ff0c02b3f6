"""The sink process as a whole, between a real broker and a real ClickHouse."""

import contextlib
import random
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Message
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from cli.stack.chdb import clickhouse_spec
from cli.stack.tansu import tansu_spec
from runtime.lifecycle import EXIT_CONFIGURATION
from schemas.topics import ANALYSES
from sinks.settings import SinkSettings
from tests.services.process import HOST, free_port, running
from tests.sinks.conftest import INSERTS, PARTITIONS, Start
from tests.sinks.door import Passage, door_to
from tests.sinks.events import explanation, poison, value
from tests.sinks.sink_process import publish, query, wait_for

ROWS = "SELECT count() FROM commands"
COUNTED = "SELECT sum(commands) FROM command_counts"


@pytest.fixture
def settings(stream_settings: SinkSettings) -> SinkSettings:
    return stream_settings


def good(count: int) -> list[bytes | None]:
    return [value(number) for number in range(count)]


def test_events_become_rows_and_the_sink_leaves_in_order(settings: SinkSettings, start: Start) -> None:
    publish(settings, good(100), partitions=PARTITIONS)
    sink = start()
    wait_for(lambda: query(settings, ROWS) == 100, "100 rows")
    wait_for(lambda: sink.health("/readyz")[0] == 200, "ready")
    assert sink.health("/healthz")[0] == 200
    assert sink.metric("netcopilot_sink_rows_total") == 100

    publish(settings, good(50), partitions=PARTITIONS)
    wait_for(lambda: query(settings, ROWS) == 150, "rows of events that came while it ran")
    assert sink.end(signal.SIGTERM) == 0
    assert query(settings, COUNTED) == 150


def test_what_is_buffered_is_written_before_the_sink_leaves(settings: SinkSettings, start: Start) -> None:
    sink = start(NETCOPILOT_SINK_BLOCK_AGE_SECONDS="3600")
    values = [value(number) for number in range(40)]
    publish(settings, values, partitions=PARTITIONS)
    size = sum(map(len, values))
    wait_for(lambda: sink.metric("netcopilot_sink_buffered_bytes") == size, "all events buffered")
    assert query(settings, ROWS) == 0
    assert sink.end(signal.SIGTERM) == 0
    assert query(settings, ROWS) == 40


def test_kills_in_the_middle_of_a_stream_lose_and_double_nothing(settings: SinkSettings, start: Start) -> None:
    total = 8_000
    feeder = threading.Thread(target=publish, args=(settings, good(total)), kwargs={"partitions": PARTITIONS})
    feeder.start()
    chance = random.Random(7)
    options = {"NETCOPILOT_SINK_BLOCK_ROWS": "400", "NETCOPILOT_SINK_BLOCK_AGE_SECONDS": "0.05"}
    for target in (1, 2_000, 4_000):
        sink = start(**options)
        wait_for(lambda goal=target: query(settings, ROWS) >= goal, f"{target} rows")  # type: ignore[misc]
        threading.Event().wait(chance.uniform(0, 0.1))  # where in a block's life the kill falls
        assert sink.end(signal.SIGKILL) == -signal.SIGKILL
    feeder.join()
    start(**options)
    wait_for(lambda: query(settings, "SELECT uniqExact(sequence) FROM commands") == total, "all rows")
    assert query(settings, ROWS) == total
    assert query(settings, COUNTED) == total


def test_poison_among_good_events_costs_one_dead_letter_each(settings: SinkSettings, start: Start) -> None:
    bad = poison()
    publish(settings, [*good(20), *bad.values(), *good(20)])
    start()
    wait_for(lambda: query(settings, ROWS) == 40, "the good rows")
    letters = {header(letter, "dlq.offset"): letter for letter in _read(settings, len(bad))}
    assert set(letters) == {str(20 + index) for index in range(len(bad))}
    for index, (words, original) in enumerate(bad.items()):
        letter = letters[str(20 + index)]
        assert (letter.key(), letter.value()) == (b"acme/device", original)
        assert header(letter, "ce_id") == "1"
        assert words in header(letter, "dlq.reason")
        assert header(letter, "dlq.topic") == settings.topic
        assert header(letter, "dlq.partition") == "0"
        assert header(letter, "dlq.stage") == "sink"


def test_two_sinks_share_the_work_and_one_goes_on_alone(settings: SinkSettings, start: Start) -> None:
    first = start()
    publish(settings, good(1_000), partitions=PARTITIONS)
    wait_for(lambda: query(settings, ROWS) == 1_000, "rows of one sink")
    second = start()
    wait_for(lambda: bool(second.events("reading")), "a share for the second sink")
    publish(settings, good(1_000), partitions=PARTITIONS)
    wait_for(lambda: query(settings, ROWS) == 2_000, "rows of two sinks")
    assert first.end(signal.SIGTERM) == 0
    publish(settings, good(1_000), partitions=PARTITIONS)
    wait_for(lambda: query(settings, ROWS) == 3_000, "rows of the sink that stayed")
    assert query(settings, COUNTED) == 3_000


@pytest.mark.parametrize("partitions", [64])
def test_many_partitions_cost_few_inserts(settings: SinkSettings, start: Start, partitions: int) -> None:
    sink = start()
    wait_for(lambda: bool(sink.events("reading")), "a place to read")
    publish(settings, good(10 * partitions), partitions=partitions)
    wait_for(lambda: query(settings, ROWS) == 10 * partitions, "all rows")
    assert query(settings, INSERTS) == sink.metric("netcopilot_sink_inserts_total") <= partitions // 4


def test_a_partition_is_let_go_of_once_what_is_under_way_is_written(settings: SinkSettings, start: Start) -> None:
    """The next owner finds it so, and has nothing to write again."""
    with door_to(settings.clickhouse_url) as door:
        behind = settings.model_copy(update={"clickhouse_url": door.url})
        first = start(behind, NETCOPILOT_SINK_SESSION_TIMEOUT_SECONDS="20")
        wait_for(lambda: bool(first.events("reading")), "a place to read")

        def delay(passage: Passage) -> None:
            wait_for(lambda: bool(first.events("revocation_waits")), "a revocation that waits")
            passage.forward()

        door.meet("INSERT INTO commands", delay)
        publish(settings, good(100), partitions=PARTITIONS)
        wait_for(lambda: door.met == 1, "an insert under way")
        second = start()
        wait_for(lambda: bool(second.events("reading")), "a share for the second sink")
        wait_for(lambda: query(settings, ROWS) >= 100, "all rows")
        assert not second.events("replaying_claimed_block")
        assert query(settings, ROWS) == query(settings, COUNTED) == 100


def test_a_partition_is_let_go_of_although_an_insert_hangs(settings: SinkSettings, start: Start) -> None:
    with door_to(settings.clickhouse_url) as door:
        first = start(settings.model_copy(update={"clickhouse_url": door.url}))
        wait_for(lambda: bool(first.events("reading")), "a place to read")
        door.meet("INSERT INTO commands", Passage.hold)
        publish(settings, good(100), partitions=PARTITIONS)
        wait_for(lambda: door.met == 1, "an insert under way")
        second = start()
        wait_for(lambda: bool(second.events("replaying_claimed_block")), "a share for the second sink")
        door.opened.set()
        wait_for(lambda: query(settings, "SELECT count() FROM commands FINAL") == 100, "all rows")
        wait_for(lambda: query(settings, "SELECT uniqExact(kafka_partition) FROM sink_offsets") == 2, "both kept")
        assert query(settings, COUNTED) == 100


def test_a_broker_that_forgot_everything_is_read_from_its_beginning(
    settings: SinkSettings, start: Start, tmp_path: Path
) -> None:
    """The embedded broker keeps its topics in memory: offsets begin at 0 again, and are not those known."""
    port = free_port()
    own = settings.model_copy(update={"kafka_bootstrap_servers": f"{HOST}:{port}"})
    with running(tansu_spec(host=HOST, port=port), tmp_path):
        _make(own)
        sink = start(own)
        publish(own, good(30))
        wait_for(lambda: query(own, ROWS) == 30, "rows of the first life")
    with running(tansu_spec(host=HOST, port=port), tmp_path):
        _make(own)
        publish(own, good(50))
        wait_for(lambda: query(own, "SELECT count() FROM commands FINAL") == 80, "rows of both lives")
        assert query(own, COUNTED) == 80
        assert sink.events("topic_recreated")
        assert sink.end(signal.SIGTERM) == 0


def test_clickhouse_may_be_away_for_a_while(settings: SinkSettings, start: Start, tmp_path: Path) -> None:
    port = free_port()
    spec = clickhouse_spec(host=HOST, port=port, folder=tmp_path / "data")
    own = settings.model_copy(update={"clickhouse_url": f"http://{HOST}:{port}", "clickhouse_database": "away"})
    sink = start(own)
    publish(own, good(100), partitions=PARTITIONS)
    with running(spec, tmp_path):
        wait_for(lambda: query(own, ROWS) == 100, "rows although ClickHouse came late")
    publish(own, good(100), partitions=PARTITIONS)
    wait_for(lambda: sink.health("/readyz")[0] == 503, "not ready without ClickHouse")
    assert sink.health("/healthz")[0] == 200
    wait_for(lambda: bool(sink.events("retrying")), "retries")
    with running(spec, tmp_path):
        wait_for(lambda: query(own, ROWS) == 200, "rows that waited")
        wait_for(lambda: sink.health("/readyz")[0] == 200, "ready again")
        assert query(own, COUNTED) == 200
        assert sink.end(signal.SIGTERM) == 0
    assert not sink.events("dead_letters")


def test_a_fault_of_configuration_ends_the_sink_with_its_cure(settings: SinkSettings, start: Start) -> None:
    broken = settings.model_copy(update={"clickhouse_database": "no-identifier"})
    sink = start(broken)
    assert sink.process is not None
    assert sink.process.wait(30) == EXIT_CONFIGURATION
    (entry,) = sink.events("configuration")
    assert "NETCOPILOT_CLICKHOUSE_DATABASE" in str(entry["error"])


def test_a_topic_is_not_drained_into_the_dead_letters(settings: SinkSettings, start: Start) -> None:
    least = {"NETCOPILOT_REJECT_RATIO_MESSAGES": "100"}
    publish(settings, [*good(20), *[b"junk"] * 300])
    stopped = start(**least)
    assert stopped.process is not None
    assert stopped.process.wait(60) == EXIT_CONFIGURATION
    (entry,) = stopped.events("configuration")
    assert "NETCOPILOT_REJECT_RATIO=1" in str(entry["error"])
    assert not stopped.events("dead_letters")

    start(**least, NETCOPILOT_REJECT_RATIO="1")
    assert len(_read(settings, 300)) == 300
    wait_for(lambda: query(settings, ROWS) == 20, "the good rows, once")


def test_explanations_reach_their_table_and_the_newest_stands(settings: SinkSettings, start: Start) -> None:
    now = datetime.now(UTC)
    older = explanation(b"f" * 16, created_at=now - timedelta(hours=1), model="old")
    newer = explanation(b"f" * 16, created_at=now, model="new")
    publish(settings, [newer, b"no datum", older, explanation(b"g" * 16)], topic=ANALYSES)
    start()
    wait_for(lambda: query(settings, "SELECT count() FROM analyses FINAL") == 2, "both explanations")
    newest = "SELECT count() FROM analyses FINAL WHERE fingerprint = repeat('f', 16) AND model = 'new'"
    assert query(settings, newest) == 1
    assert _read(settings, 1)[0].value() == b"no datum"
    suggested = "SELECT count() FROM analyses FINAL WHERE suggestions.risk = ['READ_ONLY'] AND outcome = 'EXPLAINED'"
    assert query(settings, suggested) == 2


def header(letter: Message, name: str) -> str:
    found = dict(letter.headers() or [])[name]
    return found.decode() if isinstance(found, bytes) else str(found)


def _read(settings: SinkSettings, count: int) -> list[Message]:
    consumer = Consumer(
        {
            "bootstrap.servers": settings.kafka_bootstrap_servers,
            "group.id": f"{settings.dead_letter_topic}-reader",
            "auto.offset.reset": "earliest",
            "session.timeout.ms": 6000,
        }
    )
    with contextlib.closing(consumer):
        consumer.subscribe([settings.dead_letter_topic])
        found: list[Message] = []
        wait_for(lambda: len(_more(consumer, found)) >= count, f"{count} dead letters")
        return found


def _more(consumer: Consumer, found: list[Message]) -> list[Message]:
    found += [letter for letter in consumer.consume(100, 0.2) if letter.error() is None]
    return found


def _make(settings: SinkSettings) -> None:
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    topic = NewTopic(settings.topic, num_partitions=PARTITIONS, replication_factor=1)
    try:
        admin.create_topics([topic])[settings.topic].result(30)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # the embedded broker made it for who asked
            raise
