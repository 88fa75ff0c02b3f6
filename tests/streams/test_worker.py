"""The worker as a process of its own, on real brokers: drained, killed, replaced, fed with junk."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, Message, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from schemas.topics import ANALYSES_REQUESTED, ANALYZED, DEAD, EXECUTED
from tests.services.process import HOST, free_port
from tests.streams.pathological import COMMAND, OS_TYPE, runaway
from tests.streams.records import analyzed_record, event, record_of

PARTITIONS = 4
LOSS = """--- 10.0.0.1 ping statistics ---
4 packets transmitted, 1 received, 75% packet loss, time {time}ms
rtt min/avg/max/mdev = 0.030/0.030/0.030/0.000 ms
"""


class Pipeline:
    """Topics of a test's own, and workers between them."""

    def __init__(self, kafka: str, redis_url: str, folder: Path) -> None:
        self.prefix = f"t{uuid.uuid4().hex[:8]}."
        self._kafka = kafka
        self._redis_url = redis_url
        self._folder = folder
        self._workers: list[subprocess.Popen[bytes]] = []
        self._producer = Producer({"bootstrap.servers": kafka, "enable.idempotence": True})
        admin = AdminClient({"bootstrap.servers": kafka})
        topics = [
            NewTopic(topic.named(self.prefix), PARTITIONS, 1)
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
        until(lambda: worker.poll() is not None or self._answers(worker, "/readyz"), 60)
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

    def produce_value(self, value: bytes | None, partition: int = 0, key: bytes = b"t/r1") -> None:
        self._producer.produce(EXECUTED.named(self.prefix), value=value, key=key, partition=partition)
        self._producer.poll(0)

    def flush(self) -> None:
        assert self._producer.flush(30) == 0

    def read(self, topic: str, enough: Callable[[list[Message]], bool], seconds: float = 60) -> list[Message]:
        """Read a topic from its beginning until there is enough and one more second brought nothing."""
        consumer = Consumer(
            {"bootstrap.servers": self._kafka, "group.id": uuid.uuid4().hex, "auto.offset.reset": "earliest"}
        )
        metadata = consumer.list_topics(topic, timeout=10).topics[topic]
        from confluent_kafka import OFFSET_BEGINNING, TopicPartition

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

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in sorted(self._folder.glob("worker-*.log")))

    def close(self) -> None:
        for worker in self._workers:
            worker.kill()
            worker.wait()

    def _answers(self, worker: subprocess.Popen[bytes], path: str) -> bool:
        try:
            self.get(worker, path)
        except OSError:
            return False
        return True


def until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


@pytest.fixture
def pipeline(kafka: str, redis_database: str, tmp_path: Path) -> Iterator[Pipeline]:
    pipeline = Pipeline(kafka, redis_database, tmp_path)
    yield pipeline
    pipeline.close()


def test_every_event_comes_out_once_in_order_and_a_drained_worker_leaves_nothing_to_repeat(pipeline: Pipeline) -> None:
    worker = pipeline.start_worker()
    pipeline.produce(range(2000))
    pipeline.wait_until_ready(worker)
    pipeline.analyzed(range(2000))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0, pipeline.logs()

    successor = pipeline.start_worker()
    pipeline.produce(range(2000, 2100))
    records = pipeline.analyzed(range(2100))
    assert len(records) == 2100
    for partition in range(PARTITIONS):
        sequences = [record["sequence"] for record in records if record["sequence"] % PARTITIONS == partition]
        assert sequences == list(range(partition, 2100, PARTITIONS))
    statuses = Counter(record["cache_status"] for record in records)
    assert statuses["MISS"] <= 7 * 2
    assert b'netcopilot_worker_events_total{cache_status="HIT_OUTPUT"}' in pipeline.get(successor, "/metrics")
    assert json.loads(pipeline.get(successor, "/healthz"))["status"] == "ok"


def test_a_killed_worker_loses_nothing(pipeline: Pipeline) -> None:
    worker = pipeline.start_worker()
    pipeline.wait_until_ready(worker)
    for start in range(0, 3000, 500):
        pipeline.produce(range(start, start + 500))
        if start == 1000:
            worker.kill()
            worker.wait()
        if start == 2000:
            pipeline.start_worker()
    sequences = [record["sequence"] for record in pipeline.analyzed(range(3000))]
    assert set(sequences) == set(range(3000))


def test_two_workers_share_and_one_takes_over(pipeline: Pipeline) -> None:
    one, two = pipeline.start_worker(), pipeline.start_worker()
    pipeline.wait_until_ready(one)
    pipeline.wait_until_ready(two)
    pipeline.produce(range(1000))
    one.kill()
    pipeline.produce(range(1000, 2000))
    sequences = {record["sequence"] for record in pipeline.analyzed(range(2000))}
    assert sequences == set(range(2000))


def test_junk_goes_to_the_dead_letters_untouched_and_the_rest_goes_on(pipeline: Pipeline) -> None:
    junk: list[bytes | None] = [b"", b"\x09junk", b"\0\0\0\0\1short", None, b"\0\0\0\xff\xffwho"]
    for value in junk:
        pipeline.produce_value(value)
    pipeline.produce(range(20))
    pipeline.start_worker()
    assert len(pipeline.analyzed(range(20))) == 20
    letters = pipeline.read(DEAD.named(pipeline.prefix), lambda found: len(found) >= len(junk))
    assert sorted((letter.value() or b"") for letter in letters) == sorted(value or b"" for value in junk)
    for letter in letters:
        headers = dict(letter.headers() or [])
        assert letter.key() == b"t/r1"
        assert headers["dlq.stage"] == b"worker"
        assert headers["dlq.reason"]
        assert headers["dlq.topic"] == EXECUTED.named(pipeline.prefix).encode()


def test_a_topic_is_not_drained_into_the_dead_letters(pipeline: Pipeline) -> None:
    pipeline.produce(range(8))
    for number in range(400):
        pipeline.produce_value(b"\x09junk", number % PARTITIONS)
    pipeline.flush()
    stopped = pipeline.start_worker(NETCOPILOT_REJECT_RATIO_MESSAGES="100")
    assert stopped.wait(60) == 78
    assert "NETCOPILOT_REJECT_RATIO=1" in pipeline.logs()
    assert "Traceback" not in pipeline.logs()

    dead = DEAD.named(pipeline.prefix)
    assert len(pipeline.read(dead, lambda _: True, seconds=2)) < 100
    pipeline.start_worker(NETCOPILOT_REJECT_RATIO="1")
    buried = pipeline.read(dead, lambda found: len({header(letter) for letter in found}) == 400)
    assert len({header(letter) for letter in buried}) == 400
    assert {record["sequence"] for record in pipeline.analyzed(range(8))} == set(range(8))


def header(letter: Message) -> tuple[object, object]:
    """Return which message a dead letter tells of."""
    headers = dict(letter.headers() or [])
    return headers["dlq.partition"], headers["dlq.offset"]


def test_a_partition_whose_parses_run_away_holds_no_other(pipeline: Pipeline) -> None:
    worker = pipeline.start_worker(NETCOPILOT_SLOW_LANE_PROCESSES="1")
    pipeline.produce(range(PARTITIONS))
    pipeline.analyzed(range(PARTITIONS))  # every partition is known to all, and read
    everything = range(PARTITIONS, 21 * PARTITIONS)
    for number in everything[::PARTITIONS]:
        slow = event(sequence=number, os_type=OS_TYPE, command=COMMAND, output=runaway(number))
        pipeline.produce_value(record_of(slow).value, key=b"t/r%d" % number)
    for number in everything:
        if number % PARTITIONS:
            quick = event(sequence=number, command="echo", output=f"another {number}")
            pipeline.produce_value(record_of(quick).value, number % PARTITIONS)
    pipeline.flush()
    records = pipeline.analyzed(range(21 * PARTITIONS))
    slow_ones = [record for record in records if record["os_type"] == OS_TYPE]
    assert [record["sequence"] for record in slow_ones] == list(everything[::PARTITIONS])
    assert {record["parse_status"] for record in slow_ones} == {"TIMEOUT"}
    done = max(record["analyzed_at"] for record in records if record["os_type"] != OS_TYPE)
    assert done < slow_ones[-1]["analyzed_at"]
    assert b'netcopilot_worker_slow_lane_analyses_total{ended="interrupted"} 20.0' in pipeline.get(worker, "/metrics")


def test_an_explanation_is_asked_for_once(pipeline: Pipeline) -> None:
    pipeline.start_worker(NETCOPILOT_EXPLAIN="true")
    for number in range(50):
        pipeline.produce(
            range(number, number + 1), command="ping -c 4 10.0.0.1", output=LOSS.format(time=3000 + number)
        )
    records = pipeline.analyzed(range(50))
    assert {record["verdict"] for record in records} == {"warning"}
    [request] = pipeline.read(ANALYSES_REQUESTED.named(pipeline.prefix), lambda found: len(found) >= 1)
    assert request.key() == b"default/" + records[0]["fingerprint"].hex().encode()


def test_missing_topics_stop_the_worker_with_the_cure(kafka: str, redis_database: str, tmp_path: Path) -> None:
    pipeline = Pipeline(kafka, redis_database, tmp_path)
    worker = pipeline.start_worker(NETCOPILOT_KAFKA_TOPIC_PREFIX="absent.")
    try:
        assert worker.wait(60) == 78
    finally:
        pipeline.close()
    assert "netcopilot topics create" in pipeline.logs()
    assert "Traceback" not in pipeline.logs()


@pytest.mark.parametrize(
    ("name", "value"),
    [("NETCOPILOT_THRESHOLDS", '{"default": {"latency": 1}}'), ("NETCOPILOT_EXPLAIN_VERDICTS", "bad")],
)
def test_settings_that_fit_nothing_stop_the_worker(name: str, value: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "cli.main", "worker"],
        env=os.environ | {name: value},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 78
    assert b"latency_ms" in ended.stderr or name.encode() in ended.stderr
    assert b"Traceback" not in ended.stderr
