"""What one local stack consists of: its folder, its addresses, its ports and its children."""

import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from cli.stack.addresses import StackAddresses
from cli.stack.chdb import clickhouse_spec
from cli.stack.explaining import Explaining
from cli.stack.folder import DataFolder
from cli.stack.jars import resolve_jars
from cli.stack.kafka import KafkaNode
from cli.stack.librdkafka import admin_client
from cli.stack.model.spec import model_spec
from cli.stack.ports import Port, PortPlan
from cli.stack.processes import OwnProcesses
from cli.stack.settings import UpSettings
from cli.stack.spec import ChildSpec
from cli.stack.tansu import tansu_spec
from cli.stack.valkey import valkey_spec
from cli.topics import create_topics

_WATCHLIST = Path(__file__).resolve().parents[2] / "producers" / "watchlist.yml"
_PORTS = {
    "kafka_port": "Kafka",
    "kafka_controller_port": "Kafka's controller",
    "redis_port": "Valkey",
    "clickhouse_port": "ClickHouse",
    "api_port": "API and dashboard",
    "sink_health_port": "health of the sink",
    "worker_health_port": "health of the worker",
    "agent_health_port": "health of the agent",
    "explainer_health_port": "health of the explainer",
    "model_port": "the demonstration model",
}
_MIN_USERS = "NETCOPILOT_API_SUGGESTION_MIN_USERS"
"""One person works on a stack of one machine; their own habits are all the history there is."""


@dataclass(frozen=True)
class Blueprint:
    """Derives everything from the settings; nothing is started here."""

    settings: UpSettings

    @property
    def in_memory(self) -> bool:
        """Whether the broker forgets everything when it ends."""
        return self.settings.kafka == "embedded"

    @property
    def folder(self) -> DataFolder:
        """Where the stack keeps what lasts."""
        return DataFolder(self.settings.data_dir.resolve())

    @cached_property
    def explaining(self) -> Explaining:
        """Who explains findings."""
        if not self.settings.explain:
            return Explaining()
        return Explaining.chosen(host=self.settings.host, port=self.settings.model_port)

    @property
    def addresses(self) -> StackAddresses:
        """Where its servers are."""
        return StackAddresses(
            host=self.settings.host,
            kafka_port=self.settings.kafka_port,
            redis_port=self.settings.redis_port,
            clickhouse_port=self.settings.clickhouse_port,
            api_port=self.settings.api_port,
            more=self.explaining.environment(),
        )

    @property
    def port_plan(self) -> PortPlan:
        """Every port that its children listen on."""
        numbers = self.settings.model_dump(include=set(_PORTS))
        if self.in_memory:
            del numbers["kafka_controller_port"]
        if not self.explaining.base_url:
            del numbers["explainer_health_port"]
        if not self.explaining.demonstration:
            del numbers["model_port"]
        ports = (Port(_PORTS[name], number, f"NETCOPILOT_UP_{name.upper()}") for name, number in numbers.items())
        return PortPlan(self.settings.host, tuple(ports))

    def stages(self) -> list[list[ChildSpec]]:
        """Return the children in the order of their start: the servers, then the platform's own processes.

        Raises:
            ConfigurationError: Apache Kafka is wanted and its jars cannot be had.

        """
        own = self._own()
        return [self._servers(), self._own_processes(own), self._explainers(own)]

    def _servers(self) -> list[ChildSpec]:
        settings = self.settings
        return [
            replace(self._broker(), once_ready=self._create_topics),
            valkey_spec(host=settings.host, port=settings.redis_port, folder=self.folder.redis),
            clickhouse_spec(host=settings.host, port=settings.clickhouse_port, folder=self.folder.clickhouse),
        ]

    def _broker(self) -> ChildSpec:
        settings = self.settings
        if self.in_memory:
            return tansu_spec(host=settings.host, port=settings.kafka_port)
        jars = resolve_jars()
        node = KafkaNode(
            host=settings.host,
            port=settings.kafka_port,
            controller_port=settings.kafka_controller_port,
            folder=self.folder.kafka,
        )
        node.format(jars)
        return node.spec(jars)

    def _create_topics(self) -> None:
        create_topics(admin_client(self.addresses.kafka))

    def _own(self) -> OwnProcesses:
        return OwnProcesses(
            host=self.settings.host,
            env={
                **(_quick_joins() if self.in_memory else {}),
                **self.addresses.environment(),
                "NETCOPILOT_SPOOL_DIR": str(self.folder.spool),
                _MIN_USERS: os.environ.get(_MIN_USERS, "1"),
            },
            needs=frozenset({"kafka"} if self.in_memory else ()),
        )

    def _own_processes(self, own: OwnProcesses) -> list[ChildSpec]:
        settings = self.settings
        return [
            own.sink(settings.sink_health_port),
            own.worker(settings.worker_health_port),
            own.api(settings.api_port),
            own.agent(settings.agent_health_port, (settings.watch or _WATCHLIST).resolve()),
        ]

    def _explainers(self, own: OwnProcesses) -> list[ChildSpec]:
        settings, explaining = self.settings, self.explaining
        model = [model_spec(host=settings.host, port=settings.model_port)] if explaining.demonstration else []
        return [*model, own.explainer(settings.explainer_health_port)] if explaining.base_url else []


def _quick_joins() -> dict[str, str]:
    """Return short group time-outs: the embedded broker has every member that joins wait for them."""
    wanted = {
        "NETCOPILOT_WORKER_REBALANCE_TIMEOUT_SECONDS": "1",
        "NETCOPILOT_WORKER_SESSION_TIMEOUT_SECONDS": "2",
        "NETCOPILOT_SINK_SESSION_TIMEOUT_SECONDS": "2",
        "NETCOPILOT_EXPLAINER_SESSION_TIMEOUT_SECONDS": "2",
    }
    return {name: os.environ.get(name, value) for name, value in wanted.items()}
