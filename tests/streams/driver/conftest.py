"""One suite for the driver, on one broker and on three."""

import pytest

from tests.services.cluster import KafkaCluster
from tests.services.topics import TopicFactory


@pytest.fixture(scope="package", params=["one-broker", "three-brokers"])
def kafka(request: pytest.FixtureRequest, kafka: str) -> str:
    """Bootstrap servers of whichever broker the tests run on, or of Apache Kafka on three nodes."""
    if request.param == "one-broker":
        return kafka
    cluster: KafkaCluster = request.getfixturevalue("three_brokers")
    return cluster.bootstrap_servers


@pytest.fixture
def topic_factory(kafka: str) -> TopicFactory:
    """Makes fresh topics there, with a replica on each broker."""
    return TopicFactory(kafka, replication_factor=len(kafka.split(",")))
