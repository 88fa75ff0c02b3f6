import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from cli.stack.tansu import tansu_spec
from producers.envelope import Envelope, seal
from producers.framing import Framer
from producers.link import KafkaLink
from producers.publisher import Outcome, Publisher, Receipt
from producers.refused import RefusedEvents
from producers.settings import ProducerSettings
from producers.spool import Spool
from schemas.catalog import RegisteredSchema, latest
from schemas.errors import RegistryUnavailableError
from schemas.event import CommandExecuted
from schemas.registry import PackageRegistry
from schemas.topics import EXECUTED
from tests.producers.conftest import ReadTopic, decoded
from tests.services.process import HOST, free_port, running
from tests.services.topics import TopicFactory

MakeSettings = Callable[..., ProducerSettings]


def event(number: int, *, device: str = "r1", output: str = "out\n") -> CommandExecuted:
    return CommandExecuted(device_id=device, agent_id="me", sequence=number, command="show clock", output=output)


class Receipts:
    """Collects receipts, and waits for them."""

    def __init__(self) -> None:
        self.all: list[Receipt] = []
        self._changed = threading.Condition()

    def add(self, receipt: Receipt) -> None:
        with self._changed:
            self.all.append(receipt)
            self._changed.notify_all()

    def wait(self, count: int, seconds: float = 60) -> list[Outcome]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.all) >= count, seconds), f"{len(self.all)} of {count}"
        return [receipt.outcome for receipt in self.all]


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def broker(port: int, folder: Path) -> Iterator[None]:
    """A broker of the test's own, which it may kill and start again."""
    with running(tansu_spec(host=HOST, port=port), folder):
        admin = AdminClient({"bootstrap.servers": f"{HOST}:{port}"})
        topic = NewTopic(EXECUTED.name, num_partitions=1, replication_factor=1)
        with suppress(KafkaException):  # the embedded broker makes topics that a producer asks for
            admin.create_topics([topic])[EXECUTED.name].result(timeout=30)
        yield


def test_events_arrive_once_in_order_under_their_keys(
    kafka: str, topic_factory: TopicFactory, make_settings: MakeSettings, read_topic: ReadTopic
) -> None:
    prefix = topic_factory.prefixed(EXECUTED, partitions=4)
    topic = EXECUTED.named(prefix)
    settings = make_settings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix)
    receipts = Receipts()
    with Publisher.open(settings) as publisher:
        for number in range(2000):
            publisher.publish(seal(event(number, device=f"r{number % 7}"), traceparent="00-ab-cd-01"), receipts.add)
        assert set(receipts.wait(2000)) == {Outcome.DELIVERED}
    messages = read_topic(topic)
    assert sorted(decoded(message)["sequence"] for message in messages) == list(range(2000))
    for device in range(7):
        own = [m for m in messages if m.key() == f"default/r{device}".encode()]
        assert len({message.partition() for message in own}) == 1
        assert [decoded(m)["sequence"] for m in own] == list(range(device, 2000, 7))
    headers = dict(messages[0].headers() or [])
    assert headers["ce_type"] == b"netcopilot.command.executed"
    assert headers["ce_id"] == str(decoded(messages[0])["event_id"]).encode()
    assert headers["traceparent"] == b"00-ab-cd-01"


def test_keys_go_where_the_java_client_sends_them(
    kafka: str, topic_factory: TopicFactory, make_settings: MakeSettings, read_topic: ReadTopic
) -> None:
    """Kafka's own test vectors of murmur2 (org.apache.kafka.common.utils.UtilsTest), modulo the partitions."""
    vectors = {b"21": -973932308, b"foobar": -790332482, b"a-little-bit-long-string": -985981536}
    prefix = topic_factory.prefixed(EXECUTED, partitions=5)
    topic = EXECUTED.named(prefix)
    settings = make_settings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix)
    with Publisher.open(settings) as publisher:
        for key in vectors:
            sealed = seal(event(1))
            publisher.publish(Envelope(sealed.schema_id, key, sealed.datum, sealed.headers))
        publisher.close(60)
    placed = {message.key(): message.partition() for message in read_topic(topic)}
    assert placed == {key: (value & 0x7FFFFFFF) % 5 for key, value in vectors.items()}


def test_without_a_broker_events_are_spooled_and_the_next_run_sends_them(
    kafka: str, topic_factory: TopicFactory, make_settings: MakeSettings, read_topic: ReadTopic
) -> None:
    receipts = Receipts()
    with Publisher.open(make_settings()) as publisher:
        for number in range(50):
            publisher.publish(seal(event(number)), receipts.add)
        publisher.close(0.2)
    assert receipts.wait(50) == [Outcome.SPOOLED] * 50
    prefix = topic_factory.prefixed(EXECUTED)
    topic = EXECUTED.named(prefix)
    with Publisher.open(make_settings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix)) as publisher:
        publisher.publish(seal(event(50)), receipts.add)
        publisher.close(60)
        assert not publisher.has_backlog()
    assert [decoded(message)["sequence"] for message in read_topic(topic)] == list(range(51))


def test_closing_does_not_wait_for_a_broker_that_is_not_there(make_settings: MakeSettings) -> None:
    receipts = Receipts()
    with Publisher.open(make_settings(), single=True) as publisher:
        publisher.publish(seal(event(1)), receipts.add)
        started = time.monotonic()
        publisher.close(60, wait_for_broker=False)
        assert time.monotonic() - started < 30
    assert receipts.wait(1) == [Outcome.SPOOLED]


def test_an_outage_loses_nothing_and_keeps_the_order(tmp_path: Path, make_settings: MakeSettings) -> None:
    """The broker dies, and comes back empty, as an in-memory one does; what it had acknowledged is not sent again."""
    port = free_port()
    receipts, numbers = Receipts(), itertools.count()
    settings = make_settings(kafka_bootstrap_servers=f"{HOST}:{port}", publish_timeout_seconds=5)

    def publish(count: int) -> None:
        for number in itertools.islice(numbers, count):
            publisher.publish(seal(event(number)), receipts.add)

    with ExitStack() as stack:
        with broker(port, tmp_path):
            publisher = stack.enter_context(Publisher.open(settings))
            publish(20)
            assert receipts.wait(20) == [Outcome.DELIVERED] * 20
        publish(20)
        assert receipts.wait(40)[20:] == [Outcome.SPOOLED] * 20
        assert not publisher.ready().healthy
        publish(10)
        assert receipts.wait(50)[40:] == [Outcome.SPOOLED] * 10
        with broker(port, tmp_path):
            wait_until(lambda: not publisher.has_backlog())
            publish(10)
            assert Outcome.REFUSED not in receipts.wait(60)
            wait_until(lambda: publisher.ready().healthy)
            arrived = [decoded(message)["sequence"] for message in _read(port, 40)]
    assert arrived == list(range(20, 60))


def _read(port: int, count: int) -> list[Message]:
    """Read so many messages, and any that follow them within a second."""
    consumer = Consumer({"bootstrap.servers": f"{HOST}:{port}", "group.id": "none"})
    partitions = consumer.list_topics(EXECUTED.name, timeout=30).topics[EXECUTED.name].partitions
    consumer.assign([TopicPartition(EXECUTED.name, number, 0) for number in partitions])
    messages = consumer.consume(count, timeout=60) + consumer.consume(1, timeout=1)
    consumer.close()
    return messages


def test_two_publishers_with_one_spool_send_each_event_once(
    kafka: str, topic_factory: TopicFactory, make_settings: MakeSettings, read_topic: ReadTopic
) -> None:
    with Publisher.open(make_settings()) as publisher:
        for number in range(300):
            publisher.publish(seal(event(number)))
        publisher.close(0)
    prefix = topic_factory.prefixed(EXECUTED)
    topic = EXECUTED.named(prefix)
    settings = make_settings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix)
    receipts = Receipts()
    with Publisher.open(settings) as first, Publisher.open(settings) as second:
        for number in range(300, 310):
            (first if number % 2 else second).publish(seal(event(number)), receipts.add)
        wait_until(lambda: not first.has_backlog())
        receipts.wait(10)
        first.close(60)
        second.close(60)
    sequences = [decoded(message)["sequence"] for message in read_topic(topic)]
    assert sequences[:300] == list(range(300))
    assert sorted(sequences) == list(range(310))


def test_a_full_spool_refuses_and_says_which_setting(make_settings: MakeSettings) -> None:
    receipts = Receipts()
    with Publisher.open(make_settings(spool_max_bytes=64 * 1024)) as publisher:
        for number in range(40):
            publisher.publish(seal(event(number, output="x" * 4000)), receipts.add)
        publisher.close(0)
    outcomes = receipts.wait(40)
    refused = [receipt.error for receipt in receipts.all if receipt.outcome is Outcome.REFUSED]
    assert outcomes == sorted(outcomes, key=[Outcome.SPOOLED, Outcome.REFUSED].index)
    assert Outcome.SPOOLED in outcomes
    assert "NETCOPILOT_SPOOL_MAX_BYTES" in str(refused[0])


def test_an_event_the_broker_never_takes_is_refused_and_holds_up_no_other(
    kafka: str, topic_factory: TopicFactory, make_settings: MakeSettings, read_topic: ReadTopic
) -> None:
    prefix = topic_factory.prefixed(EXECUTED)
    topic = EXECUTED.named(prefix)
    receipts = Receipts()
    with Publisher.open(make_settings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix)) as publisher:
        publisher.publish(seal(event(1, output="x" * 2_000_000)), receipts.add)
        publisher.publish(seal(event(2)), receipts.add)
        assert sorted(outcome.value for outcome in receipts.wait(2)) == ["delivered", "refused"]
    assert [decoded(message)["sequence"] for message in read_topic(topic)] == [2]


class SlowRegistry(PackageRegistry):
    """A registry that does not answer at first."""

    def __init__(self) -> None:
        self.answers = threading.Event()

    def register(self, subject: str, text: str) -> RegisteredSchema:
        if not self.answers.is_set():
            raise RegistryUnavailableError("no answer")
        return super().register(subject, text)


def test_a_registry_that_does_not_answer_makes_nobody_wait(
    kafka: str,
    topic_factory: TopicFactory,
    make_settings: MakeSettings,
    read_topic: ReadTopic,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("producers.framing._RETRY_SECONDS", 0.05)
    prefix = topic_factory.prefixed(EXECUTED)
    topic = EXECUTED.named(prefix)
    settings = make_settings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix)
    registry, receipts = SlowRegistry(), Receipts()
    spool = Spool(settings.spool_dir, max_bytes=1 << 20)
    refused = RefusedEvents(settings.spool_dir, spool_max_bytes=1 << 20, durable=False)
    with Publisher(KafkaLink(settings), spool, Framer(registry), refused) as publisher:
        publisher.publish(seal(event(1)), receipts.add)
        assert receipts.wait(1) == [Outcome.SPOOLED]
        registry.answers.set()
        publisher.close(60)
        assert not publisher.has_backlog()
    assert [decoded(message)["sequence"] for message in read_topic(topic)] == [1]


def test_an_envelope_survives_the_disk() -> None:
    sealed = seal(event(1), traceparent="00-ab-cd-01")
    assert Envelope.from_bytes(sealed.to_bytes()) == sealed
    assert sealed.schema_id == latest(EXECUTED.subject).schema_id
