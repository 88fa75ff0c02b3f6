"""The broker and the Redis that all contenders share, and the topics of one run on them."""

import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from confluent_kafka import ConsumerGroupState, Producer
from confluent_kafka import Message as KafkaMessage
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from benchmarks.enrich.load import Message
from benchmarks.enrich.tally import EndOffsets, Reading, Tally
from cli.stack.librdkafka import admin_client
from schemas.topics import ANALYZED, DEAD, EXECUTED
from tests.services.kafka import BROKER, choose_kafka
from tests.services.reading import read_topic
from tests.services.redis import choose_redis


@dataclass(frozen=True, slots=True)
class Stage:
    """Where contenders work."""

    broker: str
    """What it is, for readers."""
    servers: str
    redis_url: str
    folder: Path
    """For logs."""

    @property
    def embedded(self) -> bool:
        """Whether it is the broker in memory."""
        return self.broker.startswith("embedded")

    def forget_analyses(self) -> None:
        """Empty Redis."""
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushdb()

    @contextmanager
    def scene(self, *, partitions: int) -> Iterator["Scene"]:
        """Give empty topics of their own, for as long as the context lasts."""
        scene = Scene(self, f"bench.{uuid.uuid4().hex[:8]}.", partitions)
        try:
            yield scene
        finally:
            scene.drop()


@contextmanager
def open_stage(*, embedded: bool) -> Iterator[Stage]:
    """Start a broker and a Redis as the tests would choose them, or the embedded broker."""
    if embedded:
        os.environ[BROKER] = "embedded"
    kafka = choose_kafka()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with kafka.start(folder) as servers, choose_redis().start(folder) as redis_url:
            yield Stage(kafka.name, servers, redis_url, folder)


class Scene:
    """The topics of one run, under a prefix of their own."""

    def __init__(self, stage: Stage, prefix: str, partitions: int) -> None:
        """Make the topics."""
        self.prefix = prefix
        self.group = f"{prefix}worker"
        self._servers = stage.servers
        self._admin: AdminClient = admin_client(stage.servers)
        self._topics = [topic.named(prefix) for topic in (EXECUTED, ANALYZED, DEAD)]
        for made in self._admin.create_topics([NewTopic(name, partitions, 1) for name in self._topics]).values():
            made.result(30)
        tally = Reading if stage.embedded else EndOffsets
        self._tally: Tally = tally(stage.servers, ANALYZED.named(prefix), partitions)

    def fill(self, messages: Iterable[Message]) -> None:
        """Publish a backlog; a key's events go to one partition."""
        producer = Producer({"bootstrap.servers": self._servers, "linger.ms": 20, "compression.type": "lz4"})
        topic = EXECUTED.named(self.prefix)
        for message in messages:
            while True:
                try:
                    producer.produce(topic, message.value, message.key, headers=message.headers)
                    break
                except BufferError:
                    producer.poll(0.1)
        if left := producer.flush(60):
            raise RuntimeError(f"{left} events did not reach the broker")

    def members(self) -> int:
        """Return how many members the group has, once they agree on who reads what; else 0."""
        described = self._admin.describe_consumer_groups([self.group])[self.group].result(30)
        return len(described.members) if described.state is ConsumerGroupState.STABLE else 0

    def outputs(self) -> int:
        """Return how many analysed events the broker shows."""
        return self._tally.count()

    def shows_more_than(self, events: int) -> bool:
        """Tell whether the broker shows more analysed events than that."""
        return self.outputs() > events

    def analyzed(self) -> list[KafkaMessage]:
        """Return the analysed events."""
        return read_topic(self._servers, ANALYZED.named(self.prefix))

    def drop(self) -> None:
        """Delete the topics."""
        for deleted in self._admin.delete_topics(self._topics).values():
            deleted.result(30)
