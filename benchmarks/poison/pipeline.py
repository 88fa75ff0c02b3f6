"""A worker and a sink between a broker, Redis and a ClickHouse database of their own."""

import os
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from clickhouse_connect.driver.client import Client
from confluent_kafka import Message
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from benchmarks.poison.account import Account
from benchmarks.poison.load import Load, Sender
from schemas.topics import TOPICS
from sinks.clickhouse import connect
from sinks.migrator import migrate
from sinks.settings import SinkSettings
from tests.services.reading import read_topic

PARTITIONS = 2
_PATIENCE = 900.0
_PROCESSES = ("worker", "sink")
_TOPIC_CONFIG = {"max.message.bytes": str(16 << 20)}


@dataclass(frozen=True, slots=True)
class Services:
    """Where everything is, and a folder for logs."""

    kafka: str
    redis_url: str
    clickhouse_url: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Passage:
    """How a load went through."""

    seconds: float
    """From the first visible row to the last good one."""
    cpu_seconds: dict[str, float]
    """What each process took meanwhile, and until the last dead letter."""
    resident_mib: dict[str, int]
    account: Account


def run(services: Services, load: Load) -> Passage:
    """Send a load to fresh topics, then start the worker and the sink and wait until every message is somewhere."""
    name = f"poison_{uuid.uuid4().hex[:8]}"
    settings = SinkSettings(
        kafka_bootstrap_servers=services.kafka,
        kafka_topic_prefix=f"{name}.",
        sink_group=f"{name}.sink",
        clickhouse_url=services.clickhouse_url,
        clickhouse_database=name,
    )
    _make_topics(settings)
    migrate(settings)
    poisoned = list(load.poisoned())
    Sender(services.kafka, settings.kafka_topic_prefix, PARTITIONS).send(load, poisoned)
    bad = sum(sent.is_bad for sent in poisoned)
    client = connect(settings, database=name, timeout=120)
    with _processes(settings, services) as processes:
        _wait(processes, client, 1)
        began, spent = time.perf_counter(), _cpu(processes)
        _wait(processes, client, load.good + len(poisoned) - bad)
        seconds = time.perf_counter() - began
        letters = _dead_letters(settings, bad)
        cpu = {name: round(seconds - spent[name], 2) for name, seconds in _cpu(processes).items()}
        resident = {name: process.memory_info().rss >> 20 for name, process in processes.items()}
    visible = Counter({int(number): int(count) for number, count in client.query(_VISIBLE).result_rows})
    client.close()
    return Passage(seconds, cpu, resident, Account.of(load, poisoned, letters, visible))


_COUNT = "SELECT uniqExact(sequence) FROM commands"
_VISIBLE = "SELECT sequence, count() FROM commands GROUP BY sequence"


def _make_topics(settings: SinkSettings) -> None:
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    wanted = [NewTopic(t.named(settings.kafka_topic_prefix), PARTITIONS, 1, config=_TOPIC_CONFIG) for t in TOPICS]
    for made in admin.create_topics(wanted).values():
        made.result(60)


@contextmanager
def _processes(settings: SinkSettings, services: Services) -> Iterator[dict[str, psutil.Popen]]:
    environment = {
        **os.environ,
        "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": services.kafka,
        "NETCOPILOT_KAFKA_TOPIC_PREFIX": settings.kafka_topic_prefix,
        "NETCOPILOT_REDIS_URL": services.redis_url,
        "NETCOPILOT_CLICKHOUSE_URL": services.clickhouse_url,
        "NETCOPILOT_CLICKHOUSE_DATABASE": settings.clickhouse_database,
        "NETCOPILOT_SINK_GROUP": settings.sink_group,
        "NETCOPILOT_WORKER_GROUP": f"{settings.kafka_topic_prefix}worker",
        "NETCOPILOT_WORKER_REBALANCE_TIMEOUT_SECONDS": "1",
    }
    with ExitStack() as stack:
        yield {name: stack.enter_context(_process(name, environment, services.folder)) for name in _PROCESSES}


@contextmanager
def _process(name: str, environment: dict[str, str], folder: Path) -> Iterator[psutil.Popen]:
    with (folder / f"{name}.log").open("ab") as log:
        process = psutil.Popen([sys.executable, "-m", "cli.main", name], env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _cpu(processes: dict[str, psutil.Popen]) -> dict[str, float]:
    return {name: sum(process.cpu_times()[:2]) for name, process in processes.items()}


def _wait(processes: dict[str, psutil.Popen], client: Client, rows: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while (found := int(str(client.command(_COUNT)))) < rows:
        for name, process in processes.items():
            if not process.is_running() or process.poll() is not None:
                raise RuntimeError(f"the {name} ended with {process.returncode}, see {name}.log")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{found} of {rows} events are visible")
        time.sleep(0.05)


def _dead_letters(settings: SinkSettings, count: int) -> Sequence[Message]:
    """Return the dead letters once there are as many as are to be; at the latest when patience ends."""
    deadline = time.monotonic() + _PATIENCE / 10
    while True:
        found = read_topic(settings.kafka_bootstrap_servers, settings.dead_letter_topic)
        if len(found) >= count or time.monotonic() > deadline:
            return found
        time.sleep(0.5)
