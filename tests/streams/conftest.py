"""Brokers that the tests of this folder share."""

from collections.abc import Iterator

import pytest

from tests.services.cluster import KafkaCluster, kafka_cluster
from tests.services.kafka import skip_without_apache_kafka


@pytest.fixture(scope="package")
def three_brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    """Apache Kafka on three nodes for all tests of this folder; who takes a node away brings it back."""
    skip_without_apache_kafka()
    with kafka_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster
