"""Apache Kafka on three nodes, each of which a test may kill, pause and start anew."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from cli.stack.jars import resolve_jars
from cli.stack.kafka import KafkaNode
from cli.stack.librdkafka import admin_client
from tests.services.child import Child
from tests.services.process import HOST, free_port
from tests.services.waiting import until

_NODES = (1, 2, 3)
_PATIENCE = 5.0

Door = Callable[[int], int]
"""Given the port of a node's second listener, returns the port at which clients find it."""


@dataclass(frozen=True, slots=True)
class _Ports:
    direct: int
    behind: int
    """Where the listener for clients that come through a door is bound."""
    door: int
    """What that listener tells clients: the port of the door in front of it."""
    controller: int


class KafkaCluster:
    """Three brokers, each also a controller; topics have three replicas, of which two must have a message."""

    def __init__(self, nodes: Mapping[int, Child], ports: Mapping[int, _Ports]) -> None:
        self.nodes = nodes
        """The brokers' processes by node id, 1 to 3; kill, pause, resume and start them."""
        self._ports = ports

    @property
    def bootstrap_servers(self) -> str:
        """Addresses of the brokers themselves."""
        return ",".join(f"{HOST}:{ports.direct}" for ports in self._ports.values())

    @property
    def bootstrap_servers_by_door(self) -> str:
        """Addresses that lead through the doors, there and for every further connection."""
        return ",".join(f"{HOST}:{ports.door}" for ports in self._ports.values())

    def admin(self) -> AdminClient:
        """Return a client for administration; keep it referenced while its answers are awaited."""
        return admin_client(self.bootstrap_servers)

    def leader(self, topic: str, partition: int = 0) -> int | None:
        """Return the node that leads a partition now, None while none does, or nobody answers."""
        try:
            partitions = self.admin().list_topics(topic, timeout=_PATIENCE).topics[topic].partitions
        except KafkaException:
            return None
        node = partitions[partition].leader
        return node if node in self.nodes else None

    def is_whole(self) -> bool:
        """Tell whether all brokers are known, every partition is led and every replica in sync."""
        try:
            metadata = self.admin().list_topics(timeout=_PATIENCE)
        except KafkaException:
            return False
        partitions = [partition for topic in metadata.topics.values() for partition in topic.partitions.values()]
        return set(metadata.brokers) == set(self.nodes) and all(
            partition.leader in self.nodes and sorted(partition.isrs) == sorted(partition.replicas)
            for partition in partitions
        )

    def wait_until_whole(self, *, within: float = 120.0) -> None:
        """Wait until all brokers are back and in sync.

        Raises:
            TimeoutError: they were not in time.

        """
        until(self.is_whole, within=within)


@contextmanager
def kafka_cluster(folder: Path, *, door: Door | None = None) -> Iterator[KafkaCluster]:
    """Run three brokers until the block ends; all are in sync when it begins.

    With a `door` (see `tests.services.proxy`) each node has a second listener, which clients reach only through it.
    """
    jars = resolve_jars()
    ports = {node: _take_ports(door) for node in _NODES}
    voters = ",".join(f"{node}@{HOST}:{taken.controller}" for node, taken in ports.items())
    nodes = {}
    for node, taken in ports.items():
        place = folder / f"kafka-{node}"
        kafka = KafkaNode(HOST, taken.direct, taken.controller, place, _deviations(node, taken, voters))
        kafka.format(jars)
        nodes[node] = Child(replace(kafka.spec(jars), name=place.name, ready_within=120), folder)
    cluster = KafkaCluster(nodes, ports)
    try:
        for child in nodes.values():
            child.start()
        cluster.wait_until_whole()
        yield cluster
    finally:
        for child in nodes.values():
            child.kill()  # the last of them would wait for a quorum that is gone


def _take_ports(door: Door | None) -> _Ports:
    behind = free_port()
    return _Ports(free_port(), behind, behind if door is None else door(behind), free_port())


def _deviations(node: int, ports: _Ports, voters: str) -> dict[str, str]:
    direct, controller = f"PLAINTEXT://{HOST}:{ports.direct}", f"CONTROLLER://{HOST}:{ports.controller}"
    return {
        "node.id": str(node),
        "controller.quorum.voters": voters,
        "listeners": f"{direct},{controller},DOOR://{HOST}:{ports.behind}",
        "advertised.listeners": f"{direct},DOOR://{HOST}:{ports.door}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,DOOR:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "default.replication.factor": "3",
        "min.insync.replicas": "2",
        "offsets.topic.replication.factor": "3",
        "transaction.state.log.replication.factor": "3",
        "transaction.state.log.min.isr": "2",
        "share.coordinator.state.topic.replication.factor": "3",
        "share.coordinator.state.topic.min.isr": "2",
        "broker.session.timeout.ms": "6000",
        "replica.lag.time.max.ms": "6000",
    }
