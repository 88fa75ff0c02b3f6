"""How much a partition full of outputs that parsers run away on slows the others.

    python -m benchmarks.isolation [ROUNDS]

One worker on the broker and the Redis server that the tests would choose. A partition gets ordinary executions, each
with an output of its own, 50 a second, in alternating rounds of SECONDS with and without 5 pathological ones a second
in the partition beside it, each from another device, so that none is known to be slow. Shows the latency from the
broker to the analysis (analysis_latency_us) of the ordinary ones in both, with the slow lane and, for comparison, with
every parse in the worker's main thread. Prints one JSON line; the ratios are taken within one run.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles

from confluent_kafka import Producer

from schemas.topics import ANALYSES_REQUESTED, ANALYZED, DEAD, EXECUTED
from tests.services.kafka import choose_kafka
from tests.services.process import HOST, free_port
from tests.services.reading import read_topic
from tests.services.redis import choose_redis
from tests.services.topics import TopicFactory
from tests.streams.pathological import COMMAND, OS_TYPE, runaway
from tests.streams.records import analyzed_record, event, record_of

SECONDS = 5.0
ORDINARY_EVERY = 0.02
PATHOLOGICAL_EVERY = 0.2
PATIENCE = 180.0

PING = """PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.
64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.{number} ms

--- 10.0.0.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
rtt min/avg/max/mdev = 0.{number}/0.{number}/0.{number}/0.000 ms
"""
ALONE, BESIDE = "alone", "beside_pathological"


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with choose_kafka().start(folder) as kafka, choose_redis().start(folder) as redis_url:
            lanes = {
                "slow_lane": _latencies(kafka, redis_url, folder, rounds, inline_seconds="0.025"),
                "main_thread": _latencies(kafka, redis_url, folder, rounds, inline_seconds="0.25"),
            }
    result = {
        "benchmark": "isolation",
        "ordinary_per_second": 1 / ORDINARY_EVERY,
        "pathological_per_second": 1 / PATHOLOGICAL_EVERY,
        **{lane: _summary(latencies) for lane, latencies in lanes.items()},
        "machine": {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "processor": platform.machine()},
    }
    print(json.dumps(result))


def _latencies(kafka: str, redis_url: str, folder: Path, rounds: int, *, inline_seconds: str) -> dict[str, list[float]]:
    """Return the ordinary executions' latencies in milliseconds, by what stood beside them."""
    prefix = TopicFactory(kafka).prefixed(EXECUTED, ANALYZED, DEAD, ANALYSES_REQUESTED, partitions=2)
    sender = _Sender(kafka, EXECUTED.named(prefix))
    environment = {
        "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": kafka,
        "NETCOPILOT_KAFKA_TOPIC_PREFIX": prefix,
        "NETCOPILOT_REDIS_URL": redis_url,
        "NETCOPILOT_WORKER_GROUP": f"{prefix}worker",
        "NETCOPILOT_WORKER_REBALANCE_TIMEOUT_SECONDS": "1",
        "NETCOPILOT_PARSE_INLINE_SECONDS": inline_seconds,
        "NETCOPILOT_PARSE_INLINE_CHARACTERS": str(256 << 10 if inline_seconds == "0.025" else 64 << 20),
    }
    with _worker(environment, folder):
        for number in range(2 * rounds):
            sender.send(BESIDE if number % 2 else ALONE)
        _wait_for(kafka, ANALYZED.named(prefix), sender.sent)
    found: dict[str, list[float]] = {ALONE: [], BESIDE: []}
    for message in read_topic(kafka, ANALYZED.named(prefix)):
        record = analyzed_record(message.value() or b"")
        if record["session_id"] in found:
            found[record["session_id"]].append(record["analysis_latency_us"] / 1000)
    return found


class _Sender:
    """Sends rounds of executions; the ordinary ones carry the round's kind as their session."""

    def __init__(self, kafka: str, topic: str) -> None:
        self._producer = Producer({"bootstrap.servers": kafka, "linger.ms": 0})
        self._topic = topic
        self.sent = 0
        self._pathological = 0

    def send(self, kind: str) -> None:
        """Send one round, and wait until what is pathological in it must be over."""
        started = time.monotonic()
        next_pathological = started if kind == BESIDE else float("inf")
        tick = 0
        while time.monotonic() < started + SECONDS:
            if time.monotonic() >= next_pathological:
                next_pathological += PATHOLOGICAL_EVERY
                self._pathological += 1
                output = _pathological(self._pathological)
                self._produce(
                    1, os_type=OS_TYPE, command=COMMAND, output=output, device_id=f"broken{self._pathological}"
                )
            self._produce(0, command="ping -c 1 10.0.0.1", output=PING.format(number=self.sent), session_id=kind)
            tick += 1
            time.sleep(max(0.0, started + tick * ORDINARY_EVERY - time.monotonic()))
        self._producer.flush(10)
        if kind == BESIDE:
            time.sleep(SECONDS / 2)

    def _produce(self, partition: int, **fields: str) -> None:
        executed = event(sequence=self.sent, **fields)
        self._producer.produce(self._topic, record_of(executed).value, key=executed.key, partition=partition)
        self._producer.poll(0)
        self.sent += 1


def _pathological(number: int) -> str:
    """Return one of several kinds of output that no parser comes to an end with soon."""
    kinds = (runaway(number), f"{number}" + "-" * 900_000, "".join(f"{n} {number} up\n" for n in range(60_000)))
    return kinds[number % len(kinds)]


@contextmanager
def _worker(environment: dict[str, str], folder: Path) -> Iterator[None]:
    port = free_port()
    environment |= {"NETCOPILOT_HEALTH_HOST": HOST, "NETCOPILOT_HEALTH_PORT": str(port)}
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "worker"], env=os.environ | environment, stdout=log, stderr=log
        )
    try:
        _wait_until_ready(f"http://{HOST}:{port}/readyz")
        yield
    finally:
        worker.terminate()
        worker.wait()


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError("the worker is not ready")


def _wait_for(kafka: str, topic: str, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while (found := len(read_topic(kafka, topic))) < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{found} of {count} executions were analysed")
        time.sleep(0.5)


def _summary(latencies: dict[str, list[float]]) -> dict[str, object]:
    alone, beside = latencies[ALONE], latencies[BESIDE]
    return {
        f"{ALONE}_ms": _figures(alone),
        f"{BESIDE}_ms": _figures(beside),
        "p95_ratio": round(_p95(beside) / _p95(alone), 2),
    }


def _figures(milliseconds: list[float]) -> dict[str, float]:
    return {
        "executions": len(milliseconds),
        "median": round(median(milliseconds), 1),
        "p95": round(_p95(milliseconds), 1),
        "max": round(max(milliseconds), 1),
    }


def _p95(milliseconds: list[float]) -> float:
    return quantiles(milliseconds, n=20)[-1]


if __name__ == "__main__":
    main()
