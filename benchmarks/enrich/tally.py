"""How many messages a topic holds."""

from typing import Protocol

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._listoffsets import OffsetSpec

from cli.stack.librdkafka import admin_client, observer


class Tally(Protocol):
    """Counts a topic's messages, which only grow in number."""

    def count(self) -> int:
        """Return how many there are now."""


class EndOffsets:
    """Asks where partitions end: takes nothing from those who are measured."""

    def __init__(self, servers: str, topic: str, partitions: int) -> None:
        end = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        self._admin: AdminClient = admin_client(servers)
        self._asked = {TopicPartition(topic, number): end for number in range(partitions)}

    def count(self) -> int:
        """Return the sum of the ends."""
        return sum(max(0, answer.result(30).offset) for answer in self._admin.list_offsets(self._asked).values())


class Reading:
    """Reads the messages: what the embedded broker says of its ends lies a batch before."""

    def __init__(self, servers: str, topic: str, partitions: int) -> None:
        self._consumer: Consumer = observer(servers, "tally")
        self._consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in range(partitions)])
        self._read = 0

    def count(self) -> int:
        """Return how many were read."""
        self._read += sum(message.error() is None for message in self._consumer.consume(100_000, 0.01))
        return self._read
