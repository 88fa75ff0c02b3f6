"""What a worker does at its limits: large events, much memory, refusals, and a Redis that hangs."""

import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from confluent_kafka import Producer

from schemas.topics import ANALYZED, DEAD, EXECUTED
from tests.services.proxy import Weather, proxies
from tests.services.waiting import until
from tests.streams.pipeline import PARTITIONS, Pipeline
from tests.streams.records import event, record_of

pytestmark = pytest.mark.timeout(1200)

PATIENT = 240.0
MEGABYTE = 1 << 20
BUDGET = 8 * MEGABYTE
"""NETCOPILOT_WORKER_IN_FLIGHT_BYTES of the worker whose memory is measured."""


@pytest.fixture
def pipeline(kafka: str, redis_database: str, tmp_path: Path) -> Iterator[Pipeline]:
    pipeline = Pipeline(
        kafka, redis_database, tmp_path, limits=dict.fromkeys((EXECUTED, ANALYZED, DEAD), 16 * MEGABYTE)
    )
    yield pipeline
    pipeline.close()


def noise(size: int, seed: int) -> str:
    """Text that no compression makes much smaller."""
    return random.Random(seed).randbytes(size // 2).hex()


def memory(worker: subprocess.Popen[bytes], which: str) -> int:
    """Bytes of memory that a process has (VmRSS) or had at most (VmHWM)."""
    status = Path(f"/proc/{worker.pid}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith(f"{which}:"))
    return int(kilobytes) * 1024


def test_outputs_of_megabytes_by_the_hundred_do_not_fill_the_memory(pipeline: Pipeline, kafka: str) -> None:
    """They need some of it while they last, and give it back."""
    worker = pipeline.start_worker(
        NETCOPILOT_WORKER_IN_FLIGHT_BYTES=str(BUDGET), NETCOPILOT_OUTPUT_CACHE_BYTES=str(MEGABYTE)
    )
    produce_large(kafka, pipeline, range(40))
    until(lambda: pipeline.done() == 40, within=PATIENT)
    before = memory(worker, "VmRSS")
    produce_large(kafka, pipeline, range(40, 160))
    until(lambda: pipeline.done() == 160, within=PATIENT)
    assert memory(worker, "VmHWM") - before < 120 * 5 * MEGABYTE / 4
    until(lambda: memory(worker, "VmRSS") - before < 120 * 5 * MEGABYTE / 10, within=PATIENT)


def produce_large(kafka: str, pipeline: Pipeline, numbers: range) -> None:
    """Produce outputs of 5 MB that compress well."""
    config = {"bootstrap.servers": kafka, "compression.type": "lz4", "message.max.bytes": 16 * MEGABYTE}
    producer = Producer(config | {"enable.idempotence": True})
    for number in numbers:
        large = event(sequence=number, command="echo", output=f"{number} ".ljust(5 * MEGABYTE, "x"))
        producer.produce(EXECUTED.named(pipeline.prefix), record_of(large).value, partition=number % PARTITIONS)
        producer.poll(0)
    assert producer.flush(60) == 0


@pytest.mark.usefixtures("only_apache_kafka")
def test_an_event_too_large_with_its_analysis_is_a_dead_letter_and_the_rest_goes_on(
    kafka: str, redis_database: str, tmp_path: Path
) -> None:
    pipeline = Pipeline(kafka, redis_database, tmp_path, limits={ANALYZED: 400_000, DEAD: 2_000_000})
    try:
        too_large = record_of(event(sequence=1, command="echo", output=noise(900_000, seed=1))).value
        pipeline.produce_value(too_large, partition=1)
        pipeline.produce(range(4, 40))
        worker = pipeline.start_worker()
        assert len(pipeline.analyzed(range(4, 40))) == 36
        [letter] = pipeline.read(DEAD.named(pipeline.prefix), lambda found: len(found) >= 1)
        assert letter.value() == too_large
        assert "larger than the topic allows" in str(dict(letter.headers() or [])["dlq.reason"])
        until(lambda: pipeline.done() == 37, within=PATIENT)
        assert worker.poll() is None, pipeline.logs()
    finally:
        pipeline.close()


@pytest.mark.usefixtures("only_apache_kafka")
def test_a_dead_letter_that_no_topic_takes_ends_the_worker_with_the_cure(
    kafka: str, redis_database: str, tmp_path: Path
) -> None:
    pipeline = Pipeline(kafka, redis_database, tmp_path, limits={ANALYZED: 400_000, DEAD: 400_000})
    try:
        pipeline.produce_value(record_of(event(command="echo", output=noise(900_000, seed=1))).value)
        pipeline.flush()
        assert pipeline.start_worker().wait(PATIENT) == 78
        assert "max.message.bytes" in pipeline.logs()
        assert pipeline.done() == 0
    finally:
        pipeline.close()


def test_credentials_that_the_broker_refuses_end_the_worker_with_the_cure(pipeline: Pipeline) -> None:
    worker = pipeline.start_worker(
        NETCOPILOT_KAFKA_SECURITY_PROTOCOL="SASL_PLAINTEXT",
        NETCOPILOT_KAFKA_SASL_MECHANISM="PLAIN",
        NETCOPILOT_KAFKA_SASL_USERNAME="somebody",
        NETCOPILOT_KAFKA_SASL_PASSWORD="wrong",
    )
    assert worker.wait(PATIENT) == 78
    assert "NETCOPILOT_KAFKA_SASL_PASSWORD" in pipeline.logs()
    assert "wrong" not in pipeline.logs()


def test_a_redis_that_hangs_holds_no_event_back(kafka: str, redis_database: str, tmp_path: Path) -> None:
    address = urlsplit(redis_database)
    with proxies() as made:
        proxy = made.to(address.port or 0)
        pipeline = Pipeline(kafka, redis_database.replace(str(address.port), str(proxy.port)), tmp_path)
        try:
            worker = pipeline.start_worker()
            pipeline.produce(range(8))
            pipeline.analyzed(range(8))
            proxy.be(Weather(holds=True))
            pipeline.produce(range(8, 200))
            until(lambda: pipeline.done() == 200, within=PATIENT)
            assert worker.poll() is None
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(PATIENT) == 0, pipeline.logs()
        finally:
            pipeline.close()
