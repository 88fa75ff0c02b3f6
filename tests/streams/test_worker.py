"""The worker as a process of its own, on real brokers: drained, killed, replaced, fed with junk."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Message

from schemas.topics import ANALYSES_REQUESTED, DEAD, EXECUTED
from tests.streams.pathological import COMMAND, OS_TYPE, runaway
from tests.streams.pipeline import PARTITIONS, Pipeline
from tests.streams.records import event, record_of

LOSS = """--- 10.0.0.1 ping statistics ---
4 packets transmitted, 1 received, 75% packet loss, time {time}ms
rtt min/avg/max/mdev = 0.030/0.030/0.030/0.000 ms
"""


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
