"""Explainer processes on topics of a test's own."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from confluent_kafka import Message, Producer

from schemas import catalog, wire
from schemas.codec import decode, encode
from schemas.topics import ANALYSES, ANALYSES_REQUESTED, DEAD
from streams.explanation.request import ExplanationRequest
from tests.services.process import HOST, free_port
from tests.services.reading import read_topic
from tests.services.topics import TopicFactory
from tests.streams.explanation.samples import requested_record

PARTITIONS = 4
_REQUESTED = catalog.latest(ANALYSES_REQUESTED.subject)
_ANALYSIS = catalog.latest(ANALYSES.subject)


def request_value(request: ExplanationRequest) -> bytes:
    return wire.frame(_REQUESTED.schema_id, encode(_REQUESTED, requested_record(request)))


class Explainers:
    """Processes that share one group, and what goes in and comes out."""

    def __init__(self, kafka: str, redis_url: str, folder: Path) -> None:
        self._kafka = kafka
        self._folder = folder
        self._prefix = TopicFactory(kafka).prefixed(ANALYSES_REQUESTED, ANALYSES, DEAD, partitions=PARTITIONS)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._ports: dict[int, int] = {}
        self._producer = Producer({"bootstrap.servers": kafka, "enable.idempotence": True})
        self._environment = {
            "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": kafka,
            "NETCOPILOT_KAFKA_TOPIC_PREFIX": self._prefix,
            "NETCOPILOT_REDIS_URL": redis_url,
            "NETCOPILOT_CLICKHOUSE_URL": f"http://{HOST}:{free_port()}",
            "NETCOPILOT_EXPLAINER_GROUP": f"{self._prefix}{uuid.uuid4().hex[:6]}",
            "NETCOPILOT_EXPLAINER_SESSION_TIMEOUT_SECONDS": "6",
            "NETCOPILOT_EXPLAINER_LOCK_SECONDS": "3",
            "NETCOPILOT_EXPLAINER_BREAKER_SECONDS": "1",
            "NETCOPILOT_LLM_MODEL": "scripted",
            "NETCOPILOT_LLM_API_KEY": "sk-test-canary-0123456789",
        }

    def start(self, **settings: str) -> subprocess.Popen[bytes]:
        """Start a process; settings by their name without prefix, such as `llm_base_url`."""
        port = free_port()
        own = {f"NETCOPILOT_{name.upper()}": value for name, value in settings.items()}
        environment = self._environment | {"NETCOPILOT_HEALTH_PORT": str(port)} | own
        with (self._folder / f"explainer-{len(self._processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "explainer"], env=os.environ | environment, stderr=log, stdout=log
            )
        self._processes.append(process)
        self._ports[process.pid] = port
        return process

    def wait_until_joined(self, *processes: subprocess.Popen[bytes]) -> None:
        for process in processes:
            until(lambda process=process: b"member of the group" in self.get(process, "/readyz"), 60)  # type: ignore[misc]

    def request(self, *requests: ExplanationRequest) -> None:
        for request in requests:
            self.produce(request.key, request_value(request))
        assert self._producer.flush(30) == 0

    def produce(self, key: bytes, value: bytes) -> None:
        self._producer.produce(ANALYSES_REQUESTED.named(self._prefix), value, key)

    def analyses(self) -> list[dict[str, Any]]:
        messages = read_topic(self._kafka, ANALYSES.named(self._prefix))
        return [decode(_ANALYSIS, wire.unframe(message.value())[1]) for message in messages]

    def wait_for_analyses(self, count: int, seconds: float = 90) -> list[dict[str, Any]]:
        until(lambda: len(self.analyses()) >= count, seconds, self.logs)
        return self.analyses()

    def dead_letters(self) -> Sequence[Message]:
        return read_topic(self._kafka, DEAD.named(self._prefix))

    def get(self, process: subprocess.Popen[bytes], path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self._ports[process.pid]}{path}", timeout=5) as answer:
                body: bytes = answer.read()
                return body
        except urllib.error.HTTPError as error:
            return error.read()
        except OSError:
            return b""

    def metric(self, process: subprocess.Popen[bytes], sample: str) -> float:
        lines = self.get(process, "/metrics").decode().splitlines()
        return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(sample + " ")), 0.0)

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in sorted(self._folder.glob("explainer-*.log")))

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


def until(condition: Callable[[], bool], seconds: float, explain: Callable[[], str] = str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s\n{explain()[-4000:]}"
        time.sleep(0.1)
