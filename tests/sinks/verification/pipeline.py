"""The path of events, each step of which a test may leave out."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from clickhouse_connect.driver.client import Client
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from runtime.topic_identity import TopicIdentity
from schemas import codec, wire
from schemas.dead_letter import DeadLetter
from schemas.topics import ANALYZED, DEAD, EXECUTED, Topic
from sinks.container import ContainerFormat, Datum
from sinks.settings import SinkSettings
from sinks.store import Store
from tests.services.committing import commit_offsets
from tests.sinks import events

PARTITIONS = 2


def created(minutes_ago: float, number: int) -> UUID:
    """Return a UUID version 7 of that time."""
    milliseconds = int((datetime.now(UTC) - timedelta(minutes=minutes_ago)).timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | number)


def executions(numbers: Sequence[int], *, agent: str = "agent", minutes_ago: float = 60) -> list[dict[str, Any]]:
    """Return records of one agent with these sequence numbers."""
    return [
        events.record(number, sequence=number, agent_id=agent, event_id=created(minutes_ago, number))
        for number in numbers
    ]


class Pipeline:
    """Offsets are given out in the order of publishing, partitions in turn: number n goes to n % PARTITIONS."""

    def __init__(self, settings: SinkSettings, worker_group: str, client: Client) -> None:
        self.client = client
        self._settings = settings
        self._worker_group = worker_group
        self._producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
        self._ends: dict[tuple[str, int], int] = {}
        admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
        self.topic_id = TopicIdentity(admin, settings.topic).current()
        self._store = Store(client)
        self._format = ContainerFormat(events.ANALYZED)

    def carry(self, records: Sequence[dict[str, Any]]) -> None:
        """Take records the whole way."""
        self.execute(records)
        self.analyze(records)
        self.write(records)
        self.commit()
        self.keep()

    def execute(self, records: Sequence[dict[str, Any]]) -> None:
        for record in records:
            self.publish(EXECUTED, record["sequence"] % PARTITIONS, executed(record))
        self.flush()

    def analyze(self, records: Sequence[dict[str, Any]]) -> None:
        """Publish analyses; each record learns its place."""
        for record in records:
            number = record["sequence"] % PARTITIONS
            record["place"] = (number, self.publish(ANALYZED, number, analyzed(record)))
        self.flush()

    def write(self, records: Sequence[dict[str, Any]], *, token: str = "") -> None:
        """Insert the rows of analysed records."""
        for number in range(PARTITIONS):
            datums = [
                Datum(number, record["place"][1], analyzed(record)[wire.HEADER_SIZE :])
                for record in records
                if record["place"][0] == number
            ]
            if datums:
                container = self._format.frame(self.topic_id, datums)
                self._store.insert(container, self._format.columns, token=f"{token}{number}/{datums[0].offset}")

    def commit(self) -> None:
        """Have the worker's group say that all which was published so far is analysed."""
        topic = EXECUTED.named(self._settings.kafka_topic_prefix)
        ends = [TopicPartition(topic, number, end) for (name, number), end in self._ends.items() if name == topic]
        if ends:
            commit_offsets(self._settings.kafka_bootstrap_servers, self._worker_group, ends)

    def keep(self) -> None:
        """Have the sink say that all which was analysed so far is written."""
        ends = {number: end for (name, number), end in self._ends.items() if name == self._settings.topic}
        self._store.keep_offsets(self.topic_id, ends)

    def bury(self, topic: Topic, partition: int, offset: int, value: bytes | None) -> None:
        """Publish a dead letter."""
        letter = DeadLetter("no reason", "test", topic.named(self._settings.kafka_topic_prefix), partition, offset)
        self.publish(DEAD, 0, value, headers=letter.headers([("ce_id", b"1")]))
        self.flush()

    def publish(self, topic: Topic, partition: int, value: bytes | None, headers: Any = None) -> int:
        """Hand a value to the broker; return the offset it gets."""
        name = topic.named(self._settings.kafka_topic_prefix)
        offset = self._ends.get((name, partition), 0)
        self._ends[name, partition] = offset + 1
        self._producer.produce(name, value, b"acme/device", partition=partition, headers=headers)
        return offset

    def flush(self) -> None:
        assert self._producer.flush(30) == 0


def executed(record: dict[str, Any]) -> bytes:
    return wire.frame(events.EXECUTED.schema_id, codec.encode(events.EXECUTED, record))


def analyzed(record: dict[str, Any]) -> bytes:
    return wire.frame(events.ANALYZED.schema_id, codec.encode(events.ANALYZED, record))
