"""Topics of a test's own, workers between them as processes of their own, and a load."""

import os
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from runtime.kafka import SILENCE_SECONDS
from schemas.topics import ANALYSES_REQUESTED, ANALYZED, DEAD, EXECUTED, Topic
from tests.services.process import HOST, free_port
from tests.services.waiting import until
from tests.streams.records import analyzed_record, event, record_of

PARTITIONS = 4
LOAD_SECONDS = 0.05
"""How often a load adds an event to each partition."""


class Pipeline:
    """Topics of a test's own, and workers between them."""

    def __init__(
        self,
        kafka: str,
        redis_url: str,
        folder: Path,
        *,
        replicas: int = 1,
        limits: Mapping[Topic, int] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.prefix = f"t{uuid.uuid4().hex[:8]}."
        self._kafka = kafka
        self._redis_url = redis_url
        self._folder = folder
        self._workers: list[subprocess.Popen[bytes]] = []
        self._settings = settings or {}
        self._loaded = 0
        self._refused: list[str] = []
        self._committed = [-1] * PARTITIONS
        self._client = {"bootstrap.servers": kafka, "socket.timeout.ms": SILENCE_SECONDS * 1000}
        self._producer = Producer(self._client | {"enable.idempotence": True})
        self._group = self._observer()
        admin = AdminClient({"bootstrap.servers": kafka})
        topics = [
            NewTopic(topic.named(self.prefix), PARTITIONS, replicas, config=_config(topic, limits or {}))
            for topic in (EXECUTED, ANALYZED, DEAD, ANALYSES_REQUESTED)
        ]
        for creation in admin.create_topics(topics).values():
            creation.result(timeout=30)

    def start_worker(self, **settings: str) -> subprocess.Popen[bytes]:
        port = free_port()
        environment = {
            "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": self._kafka,
            "NETCOPILOT_KAFKA_TOPIC_PREFIX": self.prefix,
            "NETCOPILOT_REDIS_URL": self._redis_url,
            "NETCOPILOT_WORKER_GROUP": f"{self.prefix}worker",
            "NETCOPILOT_WORKER_SESSION_TIMEOUT_SECONDS": "6",
            "NETCOPILOT_WORKER_REBALANCE_TIMEOUT_SECONDS": "2",
            "NETCOPILOT_HEALTH_HOST": HOST,
            "NETCOPILOT_HEALTH_PORT": str(port),
            **self._settings,
            **settings,
        }
        with (self._folder / f"worker-{len(self._workers)}.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "worker"], env=os.environ | environment, stderr=log, stdout=log
            )
        self._workers.append(worker)
        self._ports[worker.pid] = port
        return worker

    _ports: dict[int, int] = {}  # noqa: RUF012 - process ids are unique on the machine

    def wait_until_ready(self, worker: subprocess.Popen[bytes]) -> None:
        until(lambda: worker.poll() is not None or self._answers(worker, "/readyz"), within=240)
        assert worker.poll() is None, self.logs()

    def get(self, worker: subprocess.Popen[bytes], path: str) -> bytes:
        with urllib.request.urlopen(f"http://{HOST}:{self._ports[worker.pid]}{path}", timeout=5) as answer:
            body: bytes = answer.read()
            return body

    def produce(self, numbers: range, **fields: Any) -> None:
        for number in numbers:
            executed = event(**{"sequence": number, "command": "echo", "output": f"line {number % 7}"} | fields)
            self.produce_value(record_of(executed).value, number % PARTITIONS)
        self.flush()

    @contextmanager
    def load(self) -> Iterator[None]:
        """Produce steadily until the block ends; `produced` tells what."""
        over = threading.Event()

        def produce() -> None:
            while not over.wait(LOAD_SECONDS):
                for number in range(self._loaded, self._loaded + PARTITIONS):
                    executed = event(sequence=number, command="echo", output=f"line {number % 7}")
                    self.produce_value(record_of(executed).value, number % PARTITIONS)
                self._loaded += PARTITIONS

        thread = threading.Thread(target=produce)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            self.flush()

    @property
    def produced(self) -> range:
        """Sequences that loads produced until now."""
        return range(self._loaded)

    def produce_value(self, value: bytes | None, partition: int = 0, key: bytes = b"t/r1") -> None:
        self._producer.produce(
            EXECUTED.named(self.prefix), value=value, key=key, partition=partition, on_delivery=self._note
        )
        self._producer.poll(0)

    def flush(self) -> None:
        """Wait until the broker has all that was produced."""
        assert self._producer.flush(60) == 0
        assert self._refused == []

    def _note(self, error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            self._refused.append(error.str())

    def read(self, topic: str, enough: Callable[[list[Message]], bool], seconds: float = 240) -> list[Message]:
        """Read a topic from its beginning until there is enough and one more second brought nothing."""
        consumer = Consumer(self._client | {"group.id": uuid.uuid4().hex, "auto.offset.reset": "earliest"})
        metadata = consumer.list_topics(topic, timeout=10).topics[topic]
        consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in metadata.partitions])
        messages: list[Message] = []
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            fetched = consumer.consume(1000, 1.0)
            messages += [message for message in fetched if message.error() is None]
            if not fetched and enough(messages):
                break
        consumer.close()
        return messages

    def analyzed(self, sequences: range) -> list[dict[str, Any]]:
        """Read commands.analyzed until every sequence was seen; in the order of each partition."""
        wanted = set(sequences)
        messages = self.read(
            ANALYZED.named(self.prefix),
            lambda found: wanted <= {analyzed_record(message.value() or b"")["sequence"] for message in found},
        )
        return [analyzed_record(message.value() or b"") for message in messages]

    def committed(self) -> list[int]:
        """Return the workers' committed offset of each partition, below 0 where there is none.

        While the brokers look for somebody who knows, it is what they said last.
        """
        topic = EXECUTED.named(self.prefix)
        partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        try:
            self._committed = [each.offset for each in self._group.committed(partitions, timeout=10)]
        except KafkaException:
            self._group.close()
            self._group = self._observer()
        return self._committed

    def _observer(self) -> Consumer:
        """Return a client that may ask for the group's offsets; one whose coordinator hung may ask it for ever."""
        return Consumer(self._client | {"group.id": f"{self.prefix}worker"})

    def done(self) -> int:
        """Return how many events are committed."""
        return sum(max(0, offset) for offset in self.committed())

    def wait_until_caught_up(self, *, within: float = 240.0) -> None:
        """Wait until everything that loads produced is committed.

        Raises:
            AssertionError: it was not in time; it tells how far the workers came.

        """
        with suppress(TimeoutError):
            until(lambda: self.done() == len(self.produced), within=within)
        assert self.done() == len(self.produced), f"committed {self._committed}\n{self.logs()}"

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in sorted(self._folder.glob("worker-*.log")))

    def close(self) -> None:
        for worker in self._workers:
            worker.kill()
            worker.wait()
        self._group.close()

    def _answers(self, worker: subprocess.Popen[bytes], path: str) -> bool:
        try:
            self.get(worker, path)
        except OSError:
            return False
        return True


def _config(topic: Topic, limits: Mapping[Topic, int]) -> dict[str, str]:
    return {"max.message.bytes": str(limits[topic])} if topic in limits else {}
