"""A real sink process, and a topic to feed it from."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from confluent_kafka import Producer

from schemas.topics import ANALYZED, Topic
from sinks.settings import SinkSettings
from tests.services.process import HOST, free_port

_PATIENCE = 90.0
_CODE = "from sinks.main import sink_command; sink_command()"


@dataclass
class SinkProcess:
    """Started, stopped and killed by the test; its log is a file."""

    settings: SinkSettings
    log: Path
    options: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    health_port: int = 0

    def start(self) -> None:
        self.health_port = free_port()
        environment = {
            "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": self.settings.kafka_bootstrap_servers,
            "NETCOPILOT_CLICKHOUSE_URL": self.settings.clickhouse_url,
            "NETCOPILOT_CLICKHOUSE_DATABASE": self.settings.clickhouse_database,
            "NETCOPILOT_KAFKA_TOPIC_PREFIX": self.settings.kafka_topic_prefix,
            "NETCOPILOT_SINK_GROUP": self.settings.sink_group,
            "NETCOPILOT_SINK_SESSION_TIMEOUT_SECONDS": "2",
            "NETCOPILOT_SINK_RETRY_MAX_SECONDS": "0.5",
            "NETCOPILOT_HEALTH_PORT": str(self.health_port),
        }
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _CODE], env={**os.environ, **environment, **self.options}, stderr=output
            )

    def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(40)

    def health(self, path: str) -> tuple[int, str]:
        """Return status and body of a health question; status 0 where nobody answers."""
        try:
            answer = httpx.get(f"http://{HOST}:{self.health_port}{path}")
        except httpx.HTTPError:
            return 0, ""
        return answer.status_code, answer.text

    def metric(self, name: str) -> float:
        """Return a metric's sum over its labels."""
        samples = (line.rsplit(" ", 1) for line in self.health("/metrics")[1].splitlines())
        return sum(float(value) for series, value in samples if series.partition("{")[0] == name)

    def events(self, name: str) -> list[dict[str, object]]:
        """Return the log's entries of a name."""
        entries = (json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{"))
        return [entry for entry in entries if entry.get("event") == name]


def publish(
    settings: SinkSettings, values: Iterable[bytes | None], *, partitions: int = 1, topic: Topic = ANALYZED
) -> None:
    """Put values on a topic the sink reads, one partition after the other in turn."""
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers, "linger.ms": 5})
    name = topic.named(settings.kafka_topic_prefix)
    for number, data in enumerate(values):
        producer.produce(name, data, b"acme/device", partition=number % partitions, headers=[("ce_id", b"1")])
        producer.poll(0)
    assert producer.flush(30) == 0


def query(settings: SinkSettings, question: str) -> int:
    """Return a number from ClickHouse; 0 while there is no such table, or no ClickHouse."""
    try:
        answer = httpx.get(
            settings.clickhouse_url, params={"database": settings.clickhouse_database, "query": question}, timeout=10
        )
    except httpx.HTTPError:
        return 0
    return int(answer.text) if answer.is_success else 0


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {_PATIENCE:.0f} s: {what}")
        time.sleep(0.05)
