"""The whole local path, as `netcopilot up` runs it: every part a process, none of them shared with the benchmark."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from cli.stack.blueprint import Blueprint
from cli.stack.librdkafka import admin_client
from cli.stack.probes import http_answers
from cli.stack.settings import UpSettings
from cli.stack.spec import ChildSpec
from schemas.topics import ANALYZED, EXECUTED
from tests.services.process import HOST, free_port, running

Broker = Literal["embedded", "apache"]

_APPEND_TIME = {"message.timestamp.type": "LogAppendTime"}
_PORTS = (
    "kafka_port",
    "kafka_controller_port",
    "redis_port",
    "clickhouse_port",
    "api_port",
    "sink_health_port",
    "worker_health_port",
    "agent_health_port",
)


@dataclass(frozen=True, slots=True)
class LocalPath:
    """Where the running parts are."""

    kafka: str
    clickhouse_url: str
    api_host: str
    api_port: int
    processes: Mapping[str, int]
    """Process ids by the parts' names."""


@contextmanager
def local_path(folder: Path, *, broker: Broker, partitions: int, workers: int) -> Iterator[LocalPath]:
    """Run broker, Valkey, ClickHouse, sink, workers and API for the block."""
    blueprint = Blueprint(_settings(folder, broker))
    addresses = blueprint.addresses
    servers, own, _ = blueprint.stages()
    processes: dict[str, int] = {}
    with ExitStack() as stack:
        for spec in servers:
            processes[spec.name] = stack.enter_context(running(spec, folder)).pid
            if spec.once_ready is not None:
                _create_topics(addresses.kafka, partitions)
                spec.once_ready()
        for spec in _platform(own, workers):
            processes[spec.name] = stack.enter_context(running(spec, folder)).pid
        clickhouse_url = f"http://{HOST}:{addresses.clickhouse_port}"
        yield LocalPath(addresses.kafka, clickhouse_url, HOST, addresses.api_port, processes)


def _settings(folder: Path, broker: Broker) -> UpSettings:
    settings = UpSettings(kafka=broker, data_dir=folder / "data", host=HOST, explain=False)
    return settings.model_copy(update={name: free_port() for name in _PORTS})


def _create_topics(kafka: str, partitions: int) -> None:
    """Make the topics of the path before the platform does: its partitions, and times of the broker's appends."""
    admin: AdminClient = admin_client(kafka)
    topics = [
        NewTopic(topic.name, num_partitions=partitions, replication_factor=1, config={**topic.config, **_APPEND_TIME})
        for topic in (EXECUTED, ANALYZED)
    ]
    for made in admin.create_topics(topics).values():
        made.result(30)


def _platform(own: list[ChildSpec], workers: int) -> list[ChildSpec]:
    """Return the platform's processes with so many workers, and without the agent that runs commands on this host."""
    specs = {spec.name: spec for spec in own}
    more = [_beside(specs["worker"], number) for number in range(2, workers + 1)]
    return [specs["sink"], specs["worker"], *more, specs["api"]]


def _beside(worker: ChildSpec, number: int) -> ChildSpec:
    port = free_port()
    return replace(
        worker,
        name=f"worker-{number}",
        env={**worker.env, "NETCOPILOT_HEALTH_PORT": str(port)},
        ready=http_answers(HOST, port, "/readyz"),
        address=f"http://{HOST}:{port}",
    )
