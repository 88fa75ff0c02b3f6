"""A Kafka-protocol broker for the tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from testcontainers.community.kafka import KafkaContainer

from cli.stack.jars import apache_kafka_is_available, resolve_jars
from cli.stack.kafka import KafkaNode
from cli.stack.tansu import tansu_spec
from tests.services.engine import docker_answers
from tests.services.process import HOST, free_port, running
from tests.services.source import Source, running_already

ADDRESS = "NETCOPILOT_TEST_KAFKA"
BROKER = "NETCOPILOT_TEST_BROKER"
EMBEDDED = "embedded Tansu"
_IMAGE = "confluentinc/cp-kafka:7.9.0"


def choose_kafka() -> Source:
    """The broker of the environment, in Docker, Apache Kafka by Maven, or the embedded one: the first there is.

    `NETCOPILOT_TEST_BROKER=embedded` goes straight to the last.
    """
    if address := os.environ.get(ADDRESS):
        return running_already(ADDRESS, address)
    if _embedded_is_wanted():
        return Source(EMBEDDED, _tansu)
    if docker_answers():
        return Source(f"Docker ({_IMAGE})", _container)
    if apache_kafka_is_available():
        return Source("Apache Kafka by Maven", _apache)
    return Source(EMBEDDED, _tansu)


def skip_without_apache_kafka() -> None:
    """Skip the test that runs nodes of Apache Kafka itself where there are no jars, or only the rest is wanted."""
    if _embedded_is_wanted():
        pytest.skip(f"{BROKER}=embedded")
    if not apache_kafka_is_available():
        pytest.skip("Apache Kafka's jars are not here (.ci/run fetches them through Maven)")


def _embedded_is_wanted() -> bool:
    return os.environ.get(BROKER) == "embedded"


@contextmanager
def _container(_folder: Path) -> Iterator[str]:
    with KafkaContainer(_IMAGE).with_kraft() as container:
        yield container.get_bootstrap_server()


@contextmanager
def _apache(folder: Path) -> Iterator[str]:
    jars = resolve_jars()
    node = KafkaNode(host=HOST, port=free_port(), controller_port=free_port(), folder=folder / "kafka")
    node.format(jars)
    with running(node.spec(jars), folder):
        yield f"{HOST}:{node.port}"


@contextmanager
def _tansu(folder: Path) -> Iterator[str]:
    port = free_port()
    with running(tansu_spec(host=HOST, port=port), folder):
        yield f"{HOST}:{port}"
