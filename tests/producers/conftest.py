"""What the tests of this part share: settings apart from the user's own, and a way to read a topic back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, Message, TopicPartition

from producers.settings import ProducerSettings
from schemas import catalog, codec, wire

ReadTopic = Callable[[str], list[Message]]


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A developer's own environment, `.env` and spool stay out of the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETCOPILOT_SPOOL_DIR", str(tmp_path / "spool"))
    for name in ("NETCOPILOT_TENANT_ID", "NETCOPILOT_AGENT_ID", "TRACEPARENT", "SCHEMA_REGISTRY_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., ProducerSettings]:
    """Make settings with a spool of the test's own; the broker is a closed port unless one is given."""

    def make(**values: Any) -> ProducerSettings:
        defaults = {
            "kafka_bootstrap_servers": "127.0.0.1:1",
            "spool_dir": tmp_path / "spool",
            "agent_id": "test-agent",
            "publish_timeout_seconds": 10.0,
        }
        return ProducerSettings(**{**defaults, **values})

    return make


@pytest.fixture
def read_topic(kafka: str) -> Iterator[ReadTopic]:
    """Return all messages of a topic, in order within each partition."""
    consumer = Consumer({"bootstrap.servers": kafka, "group.id": "none", "enable.auto.commit": False})

    def read(topic: str) -> list[Message]:
        partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
        messages: list[Message] = []
        for number in partitions:
            partition = TopicPartition(topic, number, 0)
            _, high = consumer.get_watermark_offsets(partition, timeout=30)
            consumer.assign([partition])
            read = 0
            while read < high:
                message = consumer.poll(30)
                assert message is not None
                assert message.error() is None
                messages.append(message)
                read += 1
        return messages

    yield read
    consumer.close()


def decoded(message: Message) -> dict[str, Any]:
    """Return the event in a message."""
    schema_id, datum = wire.unframe(message.value())
    return codec.decode(catalog.by_id(schema_id), datum)
