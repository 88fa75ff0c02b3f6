"""The platform under test: its real processes on Apache Kafka with three brokers."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cli.stack.chdb import clickhouse_spec
from cli.stack.processes import OwnProcesses
from cli.stack.spec import ChildSpec
from cli.stack.valkey import valkey_spec
from cli.topics import create_topics
from tests.chaos.fault import Part
from tests.chaos.keeper import Keeper
from tests.chaos.schedule import SESSION_SECONDS
from tests.services.child import Child
from tests.services.cluster import KafkaCluster, kafka_cluster
from tests.services.process import HOST, free_port
from tests.services.proxy import Proxies, Proxy, proxies

_DEVICES_OF_AN_AGENT = 12
"""Enough for events in all partitions."""
_START_SECONDS = 240.0
_REPLICAS = 3


@dataclass(frozen=True, slots=True)
class Scale:
    """How many processes, and how many events a second all agents take together."""

    rate: float = 150.0
    agents: int = 3
    workers: int = 2
    sinks: int = 2

    @property
    def sizes(self) -> dict[Part, int]:
        """How many processes each part has."""
        own = {Part.AGENT: self.agents, Part.WORKER: self.workers, Part.SINK: self.sinks}
        return {**dict.fromkeys(Part, 1), Part.BROKER: 3, **own}


class StartError(Exception):
    """The platform did not come up."""


@dataclass(frozen=True)
class Platform:
    """Where everything is; made by `running_platform`."""

    folder: Path
    """Logs, journals and data."""
    keeper: Keeper
    cluster: KafkaCluster
    processes: Mapping[Part, list[Child]]
    connections: Mapping[Part, list[Proxy]]
    """What lies between clients and the brokers, and between the sinks and the engine."""
    spare_worker: Child
    devices: tuple[str, ...]
    api: str
    """Base URL."""
    environment: Mapping[str, str]
    """Settings that lead to the platform by ways on which nothing happens."""

    @property
    def journals(self) -> Path:
        """Folder of the agents' journals."""
        return self.folder / "journals"

    def stop_agents(self) -> None:
        """Have the agents send what they took, and end."""
        for agent in self.processes[Part.AGENT]:
            self.keeper.retire(agent)


@contextmanager
def running_platform(folder: Path, scale: Scale) -> Iterator[Platform]:
    """Run the platform until the block ends; everything is ready when it begins.

    Raises:
        StartError: it did not become ready.

    """
    with ExitStack() as stack:
        doors = stack.enter_context(proxies())
        cluster = stack.enter_context(kafka_cluster(folder, door=doors.door))
        platform = _Builder(folder, scale, doors, cluster).platform
        stack.callback(platform.keeper.kill_all)
        _start(platform)
        yield platform


def _start(platform: Platform) -> None:
    admin = platform.cluster.admin()
    create_topics(admin, replication_factor=_REPLICAS)
    keeper, processes = platform.keeper, platform.processes
    for stage in ((Part.BROKER, Part.REDIS, Part.ENGINE), (Part.SINK, Part.WORKER, Part.API), (Part.AGENT,)):
        for child in (child for part in stage for child in processes[part]):
            keeper.keep(child)
        if not keeper.until(keeper.all_run, within=_START_SECONDS):
            raise StartError(f"not ready within {_START_SECONDS:.0f} s: {', '.join(stage)}; see {platform.folder}")


class _Builder:
    """Makes the processes, none of which runs yet but the brokers."""

    def __init__(self, folder: Path, scale: Scale, doors: Proxies, cluster: KafkaCluster) -> None:
        self._folder = folder
        self._scale = scale
        self._engine_port, self._redis_port, self._api_port = free_port(), free_port(), free_port()
        self._broker_doors = list(doors.all)
        self._engine_door = doors.to(self._engine_port)
        self._direct = self._settings(cluster.bootstrap_servers, self._engine_port)
        self._exposed = self._settings(cluster.bootstrap_servers_by_door, self._engine_door.port)
        self.platform = Platform(
            folder=folder,
            keeper=Keeper(),
            cluster=cluster,
            processes={
                Part.AGENT: self._agents(),
                Part.WORKER: [self._worker(number) for number in range(1, scale.workers + 1)],
                Part.SINK: [self._sink(number) for number in range(1, scale.sinks + 1)],
                Part.ENGINE: [self._engine()],
                Part.REDIS: [self._redis()],
                Part.BROKER: list(cluster.nodes.values()),
                Part.API: [self._api()],
            },
            connections={Part.BROKER: self._broker_doors, Part.ENGINE: [self._engine_door]},
            spare_worker=self._worker(scale.workers + 1),
            devices=tuple(device for number in range(1, scale.agents + 1) for device in _devices(number)),
            api=f"http://{HOST}:{self._api_port}",
            environment=self._direct,
        )

    def _settings(self, kafka: str, engine_port: int) -> dict[str, str]:
        return {
            "NETCOPILOT_UP_DATA_DIR": str(self._folder),
            "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": kafka,
            "NETCOPILOT_REDIS_URL": f"redis://{HOST}:{self._redis_port}/0",
            "NETCOPILOT_CLICKHOUSE_URL": f"http://{HOST}:{engine_port}",
            "NETCOPILOT_WORKER_SESSION_TIMEOUT_SECONDS": str(SESSION_SECONDS),
            "NETCOPILOT_SINK_SESSION_TIMEOUT_SECONDS": str(SESSION_SECONDS),
            "NETCOPILOT_PUBLISH_TIMEOUT_SECONDS": "5",
        }

    def _engine(self) -> Child:
        return self._child(clickhouse_spec(host=HOST, port=self._engine_port, folder=self._folder / "clickhouse"))

    def _redis(self) -> Child:
        return self._child(valkey_spec(host=HOST, port=self._redis_port, folder=self._folder / "redis"))

    def _worker(self, number: int) -> Child:
        return self._child(replace(self._own(self._exposed).worker(free_port()), name=f"worker-{number}"))

    def _sink(self, number: int) -> Child:
        return self._child(replace(self._own(self._exposed).sink(free_port()), name=f"sink-{number}"))

    def _api(self) -> Child:
        engine = self._direct["NETCOPILOT_CLICKHOUSE_URL"]
        address = {"NETCOPILOT_API_HOST": HOST, "NETCOPILOT_API_PORT": str(self._api_port)}
        return self._child(
            self._own({**self._exposed, "NETCOPILOT_CLICKHOUSE_URL": engine, **address}).api(self._api_port)
        )

    def _agents(self) -> list[Child]:
        return [self._agent(number) for number in range(1, self._scale.agents + 1)]

    def _agent(self, number: int) -> Child:
        name = f"agent-{number}"
        program = (sys.executable, "-m", "tests.chaos.agent")
        rate = self._scale.rate / self._scale.agents
        identity = {"NETCOPILOT_AGENT_ID": name, "NETCOPILOT_SPOOL_DIR": str(self._folder / "spools" / name)}
        spec = ChildSpec(
            name=name,
            argv=(*program, "--rate", str(rate), "--journal", str(self._folder / "journals"), *_devices(number)),
            env={**self._exposed, **identity},
            ready=partial(bool, 1),
            stop_within=90.0,
        )
        return self._child(spec)

    def _own(self, environment: Mapping[str, str]) -> OwnProcesses:
        return OwnProcesses(host=HOST, env=environment, needs=frozenset())

    def _child(self, spec: ChildSpec) -> Child:
        return Child(spec, self._folder)


def _devices(agent: int) -> list[str]:
    return [f"chaos-{agent}-{number}" for number in range(1, _DEVICES_OF_AN_AGENT + 1)]
