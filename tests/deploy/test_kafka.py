"""The three nodes of the profile `full`, run for real: they understand their configuration and replicate."""

from collections.abc import Iterator

import pytest
from confluent_kafka import KafkaError, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.cimpl import NewTopic

from cli.stack.jars import apache_kafka_is_available
from schemas.topics import EXECUTED
from tests.deploy.balancer import until
from tests.deploy.brokers import Broker, cluster
from tests.deploy.composefile import services

pytestmark = pytest.mark.skipif(not apache_kafka_is_available(), reason="Apache Kafka needs java and mvn")

_NODES = ("kafka-1", "kafka-2", "kafka-3")
_SCHEMAS = "_schemas"


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Broker]]:
    with cluster([services()[name] for name in _NODES], tmp_path_factory.mktemp("kafka")) as running:
        yield running


@pytest.fixture(scope="module")
def admin(brokers: dict[str, Broker]) -> AdminClient:
    """An admin client that has made topics with the replication that the compose file asks for."""
    client = AdminClient({"bootstrap.servers": ",".join(broker.address for broker in brokers.values())})
    until(lambda: len(client.list_topics(timeout=5).brokers) == len(_NODES))
    replication = int(services()["topics-replicated"].command[-1])
    registry = int(services()["schema-registry"].environment["SCHEMA_REGISTRY_KAFKASTORE_TOPIC_REPLICATION_FACTOR"])
    wanted = [
        NewTopic(
            EXECUTED.name, num_partitions=EXECUTED.partitions, replication_factor=replication, config=EXECUTED.config
        ),
        NewTopic(_SCHEMAS, num_partitions=1, replication_factor=registry),
    ]
    for creation in client.create_topics(wanted).values():
        creation.result(timeout=30)
    until(lambda: {EXECUTED.name, _SCHEMAS} <= set(client.list_topics(timeout=5).topics))
    return client


def test_every_partition_has_three_replicas(admin: AdminClient) -> None:
    topics = admin.list_topics(timeout=10).topics
    for name in (EXECUTED.name, _SCHEMAS):
        assert {len(partition.replicas) for partition in topics[name].partitions.values()} == {len(_NODES)}


def test_two_replicas_must_hold_what_is_acknowledged(admin: AdminClient) -> None:
    resource = ConfigResource(ConfigResource.Type.TOPIC, EXECUTED.name)
    (answer,) = admin.describe_configs([resource]).values()
    assert answer.result(timeout=10)["min.insync.replicas"].value == "2"


def test_brokers_understand_every_property(admin: AdminClient, brokers: dict[str, Broker]) -> None:
    for broker in brokers.values():
        resource = ConfigResource(ConfigResource.Type.BROKER, broker.service.environment["KAFKA_NODE_ID"])
        (answer,) = admin.describe_configs([resource]).values()
        known = {name: entry.value for name, entry in answer.result(timeout=10).items()}
        # A broker tells no value of a property that it does not know.
        assert {name: known.get(name) for name in broker.given} == broker.given


def test_takes_a_message_from_outside(admin: AdminClient, brokers: dict[str, Broker]) -> None:
    producer = Producer({"bootstrap.servers": brokers["kafka-2"].address, "acks": "all", "message.timeout.ms": 30_000})
    outcomes: list[KafkaError | None] = []
    producer.produce(EXECUTED.name, b"x", on_delivery=lambda error, _message: outcomes.append(error))
    assert producer.flush(30) == 0
    assert outcomes == [None]
