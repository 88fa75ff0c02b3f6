"""Brokers that the tests of this folder share."""

from collections.abc import Iterator

import pytest

from cli.stack.jars import apache_kafka_is_available
from tests.services.cluster import KafkaCluster, kafka_cluster


@pytest.fixture(scope="package")
def three_brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    """Apache Kafka on three nodes for all tests of this folder; who takes a node away brings it back."""
    if not apache_kafka_is_available():
        pytest.skip("Apache Kafka's jars are not here (.ci/run fetches them through Maven)")
    with kafka_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster
