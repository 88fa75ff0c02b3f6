"""Apache Kafka in KRaft mode, as one process that is broker and controller."""

import re
import subprocess
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.stack.jars import KAFKA_FOLDER, KafkaJars
from cli.stack.probes import kafka_answers
from cli.stack.spec import ChildSpec
from runtime.errors import ConfigurationError

_CLUSTER_ID = urlsafe_b64encode(uuid.uuid5(uuid.NAMESPACE_DNS, "netcopilot").bytes).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class KafkaNode:
    """One node, its two ports and the folder that keeps its log."""

    host: str
    port: int
    controller_port: int
    folder: Path
    deviations: Mapping[str, str] = field(default_factory=dict)
    """Properties that differ from those of a node on its own."""

    @property
    def properties(self) -> dict[str, str]:
        """The broker's configuration, in Kafka's own names."""
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{self.host}:{self.controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{self.host}:{self.port},CONTROLLER://{self.host}:{self.controller_port}",
            "log.dirs": str(self.folder / "log"),
            "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "8",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "4",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
            "group.min.session.timeout.ms": "1000",
            **self.deviations,
        }

    def format(self, jars: KafkaJars) -> None:
        """Write the configuration, and the storage's metadata unless the folder is formatted already.

        Raises:
            ConfigurationError: Kafka's storage tool refused the folder.

        """
        self._scratch.mkdir(parents=True, exist_ok=True)
        lines = (f"{name}={value}\n" for name, value in self.properties.items())
        self._properties_file.write_text("".join(lines), encoding="utf-8")
        if (self.folder / "log" / "meta.properties").exists():
            return
        command = [*self._java(jars, "64m"), "kafka.tools.StorageTool", "format", "--cluster-id", _CLUSTER_ID]
        result = subprocess.run(
            [*command, "--config", str(self._properties_file)], capture_output=True, text=True, check=False
        )
        if result.returncode != 0:
            raise ConfigurationError(f"Kafka could not format {self.folder} (remove it to start anew): {result.stderr}")

    def spec(self, jars: KafkaJars) -> ChildSpec:
        """Return the broker's process; `format` comes first."""
        return ChildSpec(
            name="kafka",
            argv=(*self._java(jars, "512m"), "kafka.Kafka", str(self._properties_file)),
            harmless=re.compile("Performing controller activation"),
            ready=kafka_answers(self.host, self.port),
            address=f"{self.host}:{self.port}",
            stop_within=20.0,
        )

    @property
    def _properties_file(self) -> Path:
        return self.folder / "server.properties"

    @property
    def _scratch(self) -> Path:
        return self.folder / "tmp"

    def _java(self, jars: KafkaJars, heap: str) -> tuple[str, ...]:
        return (
            "java",
            f"-Xmx{heap}",
            "-XX:-UsePerfData",  # its files would stay in /tmp after a kill
            f"-Djava.io.tmpdir={self._scratch}",
            f"-Dlog4j2.configurationFile={KAFKA_FOLDER / 'log4j2.properties'}",
            "-cp",
            jars.class_path,
        )
