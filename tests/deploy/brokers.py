"""Apache Kafka itself, configured by the compose file's environment as its image would do it."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.stack.jars import KAFKA_FOLDER, KafkaJars, resolve_jars
from cli.stack.probes import kafka_answers
from cli.stack.spec import ChildSpec
from tests.deploy.balancer import until
from tests.deploy.composefile import Service
from tests.services.process import HOST, free_port, running

_NO_PROPERTIES = {"KAFKA_HEAP_OPTS"}
_ADDRESSES = {"listeners", "advertised.listeners", "controller.quorum.voters", "log.dirs"}
_JAVA = "java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""Quick to start; how the JVM runs is no part of what is tested."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A node of the compose file on ports of this machine."""

    service: Service
    inside: int
    outside: int
    controller: int
    folder: Path

    @property
    def address(self) -> str:
        """Where clients of this machine go."""
        return f"{HOST}:{self.outside}"

    @property
    def given(self) -> dict[str, str]:
        """What the compose file sets, addresses apart: each KAFKA_A_B of the environment as a.b."""
        return {name: value for name, value in self._all.items() if name not in _ADDRESSES}

    @property
    def _all(self) -> dict[str, str]:
        return {
            name.removeprefix("KAFKA_").replace("_", ".").lower(): value
            for name, value in self.service.environment.items()
            if name.startswith("KAFKA_") and name not in _NO_PROPERTIES
        }

    def properties(self, voters: str) -> str:
        """Return server.properties with this machine's addresses."""
        inside, outside = f"INSIDE://{HOST}:{self.inside}", f"OUTSIDE://{HOST}:{self.outside}"
        addresses = {
            "listeners": f"{inside},{outside},CONTROLLER://{HOST}:{self.controller}",
            "advertised.listeners": f"{inside},{outside}",
            "controller.quorum.voters": voters,
            "log.dirs": str(self.folder / "data"),
        }
        return "".join(f"{name}={value}\n" for name, value in {**self._all, **addresses}.items())

    def spec(self, jars: KafkaJars) -> ChildSpec:
        """Return the process; it formats its storage first, as the image's entry point does."""
        file = self.folder / "server.properties"
        logging = f"-Dlog4j2.configurationFile={KAFKA_FOLDER / 'log4j2.properties'}"
        java = f"{_JAVA} {logging} -cp '{jars.class_path}'"
        cluster = self.service.environment["CLUSTER_ID"]
        script = f"{java} kafka.tools.StorageTool format -t {cluster} -c {file} && exec {java} kafka.Kafka {file}"
        return ChildSpec(
            name=self.service.name,
            argv=("sh", "-c", script),
            ready=lambda: True,  # none is ready before a second one runs: they vote
            stop_signal=signal.SIGKILL,
        )


@contextmanager
def cluster(services: list[Service], folder: Path) -> Iterator[dict[str, Broker]]:
    """Run these nodes of the compose file as one cluster until the block ends; yields them by name."""
    jars = resolve_jars()
    brokers = {
        service.name: Broker(service, free_port(), free_port(), free_port(), folder / service.name)
        for service in services
    }
    voters = ",".join(f"{b.service.environment['KAFKA_NODE_ID']}@{HOST}:{b.controller}" for b in brokers.values())
    with ExitStack() as stack:
        for broker in brokers.values():
            broker.folder.mkdir()
            (broker.folder / "server.properties").write_text(broker.properties(voters), encoding="utf-8")
            stack.enter_context(running(broker.spec(jars), broker.folder))
        until(lambda: all(kafka_answers(HOST, broker.outside)() for broker in brokers.values()), within=120)
        yield brokers
