"""Reading stretches of a topic on a real broker."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from confluent_kafka import KafkaError, Message, Producer
from pydantic import SecretStr

from runtime.errors import ConfigurationError, TransientError
from runtime.kafka_fault import refuse_configuration_fault
from runtime.settings import KafkaSettings
from runtime.topic_reader import TopicReader
from tests.services.process import free_port
from tests.services.topics import TopicFactory

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


class Topic:
    """A topic of two partitions whose messages are a second apart and name their own places."""

    def __init__(self, kafka: str, factory: TopicFactory) -> None:
        self.settings = KafkaSettings(kafka_bootstrap_servers=kafka)
        self.name = factory("stretch", partitions=2)

    def fill(self, counts: Mapping[int, int]) -> None:
        producer = Producer({"bootstrap.servers": self.settings.kafka_bootstrap_servers})
        for partition, count in counts.items():
            for number in range(count):
                moment = int((BEGIN + timedelta(seconds=number)).timestamp() * 1000)
                producer.produce(self.name, f"{partition}:{number}", b"k", partition, timestamp=moment)
        assert producer.flush(30) == 0

    def reader(self) -> TopicReader:
        return TopicReader(self.settings, self.name, client_id="netcopilot-test")

    def read(self, firsts: Mapping[int, int], ends: Mapping[int, int] | None = None) -> list[str]:
        with self.reader() as reader:
            return sorted(_text(message) for batch in reader.read(firsts, ends) for message in batch)


def _text(message: Message) -> str:
    value = message.value()
    assert isinstance(value, bytes)
    assert value.decode() == f"{message.partition()}:{message.offset()}"
    return value.decode()


@pytest.fixture
def topic(kafka: str, topic_factory: TopicFactory) -> Topic:
    topic = Topic(kafka, topic_factory)
    topic.fill({0: 40, 1: 7})
    return topic


def _places(partition: int, offsets: range) -> set[str]:
    return {f"{partition}:{offset}" for offset in offsets}


def test_whole_partitions_are_read_to_their_ends(topic: Topic) -> None:
    read = topic.read({0: 0, 1: 0})
    assert len(read) == 47
    assert set(read) == _places(0, range(40)) | _places(1, range(7))


def test_a_stretch_ends_before_its_end(topic: Topic) -> None:
    assert set(topic.read({0: 12, 1: 3}, {0: 15})) == _places(0, range(12, 15)) | _places(1, range(3, 7))


def test_partitions_that_are_not_named_and_empty_stretches_are_not_read(topic: Topic) -> None:
    assert set(topic.read({1: 5})) == _places(1, range(5, 7))
    assert topic.read({0: 5}, {0: 5}) == []
    assert topic.read({}) == []


def test_behind_the_end_there_is_nothing(topic: Topic) -> None:
    assert topic.read({0: 1_000}) == []


def test_an_end_behind_the_partitions_own_is_not_waited_for(topic: Topic) -> None:
    assert set(topic.read({1: 0}, {1: 1_000})) == _places(1, range(7))


def test_no_message_of_a_time_or_later_stands_before_its_offset(topic: Topic) -> None:
    with topic.reader() as reader:
        offsets = reader.offsets_since(BEGIN + timedelta(seconds=5))
        beyond = reader.offsets_since(BEGIN + timedelta(days=1))
    assert set(offsets) == {0, 1}
    assert max(offsets.values()) <= 5
    assert beyond[0] <= 40
    assert beyond[1] <= 7


def test_a_reader_reads_twice(topic: Topic) -> None:
    with topic.reader() as reader:
        first = [m.offset() for batch in reader.read({1: 0}) for m in batch]
        assert [m.offset() for batch in reader.read({1: 4}) for m in batch] == first[4:]


def test_a_missing_topic_is_named_with_its_cure(kafka: str) -> None:
    settings = KafkaSettings(kafka_bootstrap_servers=kafka)
    with (
        TopicReader(settings, "no.such.topic", client_id="netcopilot-test") as reader,
        pytest.raises(ConfigurationError, match="netcopilot topics create"),
    ):
        reader.partitions()


def test_a_broker_that_wants_no_such_login_is_no_silence(kafka: str) -> None:
    """A SASL login at a listener without SASL fails as a wrong password does."""
    settings = KafkaSettings(
        kafka_bootstrap_servers=kafka,
        kafka_security_protocol="SASL_PLAINTEXT",
        kafka_sasl_mechanism="PLAIN",
        kafka_sasl_username="nobody",
        kafka_sasl_password=SecretStr("nothing"),
    )
    with (
        TopicReader(settings, "topic", client_id="netcopilot-test") as reader,
        pytest.raises(ConfigurationError, match="NETCOPILOT_KAFKA_SASL_USERNAME"),
    ):
        reader.partitions()


def test_a_broker_that_is_not_there_is_named() -> None:
    address = f"127.0.0.1:{free_port()}"
    settings = KafkaSettings(kafka_bootstrap_servers=address)
    with (
        TopicReader(settings, "topic", client_id="netcopilot-test") as reader,
        pytest.raises(TransientError, match=address),
    ):
        reader.partitions()


def test_what_time_mends_is_no_fault_of_configuration() -> None:
    refuse_configuration_fault(KafkaError(KafkaError.REQUEST_TIMED_OUT))
    with pytest.raises(ConfigurationError, match="grant"):
        refuse_configuration_fault(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))
