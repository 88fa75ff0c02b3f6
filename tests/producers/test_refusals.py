"""What a broker never takes is kept beside the spool; what it refuses for its company is sent again, alone at last."""

import random
import string
from collections.abc import Callable

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import AlterConfigOpType, ConfigEntry, ConfigResource

from producers.answer import Answer, Report
from producers.drain import Drain
from producers.envelope import Envelope, seal
from producers.framing import Framer
from producers.link import KafkaLink
from producers.publisher import Outcome, Publisher
from producers.refused import RefusedEvents
from producers.settings import ProducerSettings
from producers.spool import Spool
from schemas import catalog, codec
from schemas.registry import open_registry
from schemas.topics import EXECUTED
from tests.producers.conftest import ReadTopic, decoded
from tests.producers.test_publisher import Receipts, event
from tests.services.topics import TopicFactory
from tests.services.waiting import until

MakeSettings = Callable[..., ProducerSettings]


def noise(number: int, size: int) -> str:
    """Text that no compression makes small."""
    return "".join(random.Random(number).choices(string.ascii_letters + string.digits, k=size))


def narrow(kafka: str, topic: str, largest: int) -> None:
    """Have the topic refuse batches of more bytes."""
    change = ConfigEntry("max.message.bytes", str(largest), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[change])
    admin = AdminClient({"bootstrap.servers": kafka})
    for done in admin.incremental_alter_configs([resource]).values():
        done.result(30)


def spool_away_from(settings: ProducerSettings, sizes: list[int]) -> None:
    with Publisher.open(settings) as publisher:
        for number, size in enumerate(sizes):
            publisher.publish(seal(event(number, output=noise(number, size))))
        publisher.close(0)


@pytest.fixture
def refused(make_settings: MakeSettings) -> RefusedEvents:
    return RefusedEvents(make_settings().spool_dir, spool_max_bytes=1 << 26, durable=False)


def sequences(spool: Spool) -> list[int]:
    payloads = spool.read(max_payloads=100, max_bytes=1 << 26).payloads
    return [decoded_payload(payload) for payload in payloads]


def decoded_payload(payload: bytes) -> int:
    envelope = Envelope.from_bytes(payload)
    return int(codec.decode(catalog.by_id(envelope.schema_id), envelope.datum)["sequence"])


@pytest.mark.usefixtures("only_apache_kafka")
def test_one_event_too_large_for_the_topic_costs_no_other(
    kafka: str,
    topic_factory: TopicFactory,
    make_settings: MakeSettings,
    read_topic: ReadTopic,
    refused: RefusedEvents,
) -> None:
    """The broker refuses whole batches: most of the events are refused at first for those they travel with."""
    prefix = topic_factory.prefixed(EXECUTED)
    narrow(kafka, EXECUTED.named(prefix), 20_000)
    sizes = [500] * 40
    sizes[7] = sizes[23] = 60_000
    spool_away_from(make_settings(), sizes)
    receipts = Receipts()
    with Publisher.open(make_settings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix)) as publisher:
        until(lambda: not publisher.has_backlog(), within=90)
        publisher.publish(seal(event(40)), receipts.add)
        publisher.publish(seal(event(41, output=noise(41, 60_000))), receipts.add)
        publisher.publish(seal(event(42)), receipts.add)
        receipts.wait(3)
        until(lambda: not publisher.has_backlog(), within=90)
    arrived = [decoded(message)["sequence"] for message in read_topic(EXECUTED.named(prefix))]
    assert sorted(set(arrived)) == [number for number in range(43) if number not in {7, 23, 41}]
    kept = Spool(refused.folder, max_bytes=1 << 26)
    assert sequences(kept) == [7, 23, 41]

    narrow(kafka, EXECUTED.named(prefix), 1_000_000)
    assert refused.take_back(Spool(make_settings().spool_dir, max_bytes=1 << 26)) == 3
    with Publisher.open(make_settings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix)) as publisher:
        until(lambda: not publisher.has_backlog(), within=90)
    arrived = [decoded(message)["sequence"] for message in read_topic(EXECUTED.named(prefix))]
    assert set(arrived) == set(range(43))


def test_an_event_the_client_library_refuses_is_kept_and_its_receipt_says_where(
    kafka: str, topic_factory: TopicFactory, make_settings: MakeSettings, refused: RefusedEvents
) -> None:
    prefix = topic_factory.prefixed(EXECUTED)
    receipts = Receipts()
    with Publisher.open(make_settings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix)) as publisher:
        publisher.publish(seal(event(1, output="x" * 2_000_000)), receipts.add)
        assert receipts.wait(1) == [Outcome.REFUSED]
    assert str(refused.folder) in str(receipts.all[0].error)
    assert sequences(Spool(refused.folder, max_bytes=1 << 26)) == [1]


def test_bytes_that_are_no_event_are_kept_and_hold_up_none_behind_them(
    kafka: str,
    topic_factory: TopicFactory,
    make_settings: MakeSettings,
    read_topic: ReadTopic,
    refused: RefusedEvents,
) -> None:
    prefix = topic_factory.prefixed(EXECUTED)
    newer = Envelope(9_999, b"t/d", b"datum", [])
    strange = [b"", b"\x00" * 50, seal(event(1)).to_bytes()[:40], newer.to_bytes()]
    spool = Spool(make_settings().spool_dir, max_bytes=1 << 26)
    spool.append([*strange, seal(event(7)).to_bytes()])
    with Publisher.open(make_settings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix)) as publisher:
        until(lambda: not publisher.has_backlog(), within=60)
    assert [decoded(message)["sequence"] for message in read_topic(EXECUTED.named(prefix))] == [7]
    assert list(Spool(refused.folder, max_bytes=1 << 26).read(max_payloads=9, max_bytes=1 << 20).payloads) == strange


@pytest.mark.usefixtures("only_apache_kafka")
def test_a_topic_that_is_not_there_loses_nothing_and_tells_the_cure(
    kafka: str, make_settings: MakeSettings, topic_factory: TopicFactory
) -> None:
    settings = make_settings(
        kafka_bootstrap_servers=kafka, kafka_topic_prefix="nobody.made.this.", publish_timeout_seconds=2
    )
    receipts = Receipts()
    with Publisher.open(settings) as publisher:
        publisher.publish(seal(event(1)), receipts.add)
        assert receipts.wait(1) == [Outcome.SPOOLED]
        until(lambda: "NETCOPILOT_KAFKA_TOPIC_PREFIX" in publisher.ready().detail, within=60)
        assert not publisher.ready().healthy
        assert publisher.has_backlog()


class RefusingLink(KafkaLink):
    """Refuses every message alone, at once, as the library does with one that is too large."""

    def send(self, envelope: Envelope, value: bytes, reported: Callable[[Report], None]) -> None:
        reported(Report(Answer.NEVER, "too large"))


def test_an_event_that_cannot_be_kept_elsewhere_stays_in_the_spool(make_settings: MakeSettings) -> None:
    settings = make_settings()
    spool = Spool(settings.spool_dir, max_bytes=1 << 20)
    spool.append([seal(event(1)).to_bytes()])
    (settings.spool_dir / "refused").touch()
    refused = RefusedEvents(settings.spool_dir, spool_max_bytes=1 << 20, durable=False)
    framer = Framer(open_registry(None))
    framer.learn(seal(event(1)).schema_id)
    drain = Drain(spool, RefusingLink(settings), framer, refused)
    drain.step()
    drain.settle()
    assert not spool.is_empty()

    (settings.spool_dir / "refused").unlink()
    later = Drain(spool, RefusingLink(settings), framer, refused)
    later.step()
    later.settle()
    assert spool.is_empty()
    assert sequences(Spool(refused.folder, max_bytes=1 << 20)) == [1]
