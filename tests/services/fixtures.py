"""The services of the test suite as fixtures: one suite, whichever they are.

Each comes from the first of these there is: an address in the environment (`NETCOPILOT_TEST_KAFKA`, host:port;
`NETCOPILOT_TEST_REDIS` and `NETCOPILOT_TEST_CLICKHOUSE`, URLs), Docker, Apache Kafka by Maven, the embedded parts.
`NETCOPILOT_TEST_BROKER=embedded` takes the embedded broker though others are there. pytest's header tells which.

A service starts with the first test that asks for it and stops when the run ends. The tests share the servers, so each
takes topics, a database or a key space of its own: `topic_factory`, `clickhouse_database`, `redis_database`. Tests that
reach the broker carry the marker `kafka`, given here.
"""

import itertools
import uuid
from collections.abc import Iterator

import clickhouse_connect
import pytest
import redis

from tests.services.clickhouse import choose_clickhouse
from tests.services.cluster import KafkaCluster, kafka_cluster
from tests.services.kafka import EMBEDDED, choose_kafka, skip_without_apache_kafka
from tests.services.redis import choose_redis
from tests.services.topics import TopicFactory

_redis_numbers = itertools.cycle(range(1, 16))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "kafka: the test reaches the Kafka broker (set by itself)")


def pytest_report_header() -> list[str]:
    return [
        f"kafka: {choose_kafka().name}",
        f"redis: {choose_redis().name}",
        f"clickhouse: {choose_clickhouse().name}",
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "kafka" in getattr(item, "fixturenames", ()):
            item.add_marker("kafka")


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Bootstrap servers (`host:port`) of a broker on which no topic is made by itself."""
    with choose_kafka().start(tmp_path_factory.mktemp("kafka")) as bootstrap_servers:
        yield bootstrap_servers


@pytest.fixture
def only_apache_kafka(kafka: str) -> None:
    """Skip the test on the embedded broker, whose topics have no limits, are made unasked and end a batch before."""
    if "," not in kafka and choose_kafka().name == EMBEDDED:
        pytest.skip("the embedded broker limits, compacts and deletes nothing, and makes topics unasked")


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a Redis-protocol server, database 0."""
    with choose_redis().start(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def clickhouse_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL (`http://[user:password@]host:port`) of a ClickHouse."""
    with choose_clickhouse().start(tmp_path_factory.mktemp("clickhouse")) as url:
        yield url


@pytest.fixture
def topic_factory(kafka: str) -> TopicFactory:
    """Makes fresh topics: `topic_factory("executed", partitions=4, config={...})` returns the name."""
    return TopicFactory(kafka)


@pytest.fixture
def redis_database(redis_url: str) -> str:
    """URL of an empty database of the Redis-protocol server."""
    url = f"{redis_url.rsplit('/', 1)[0]}/{next(_redis_numbers)}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def clickhouse_database(clickhouse_url: str) -> Iterator[str]:
    """Name of an empty ClickHouse database, dropped after the test."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    client = clickhouse_connect.get_client(dsn=clickhouse_url)
    try:
        client.command(f"CREATE DATABASE {name}")
        yield name
        client.command(f"DROP DATABASE IF EXISTS {name}")
    finally:
        client.close()


@pytest.fixture(scope="module")
def three_brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    """Apache Kafka on three nodes that a test may kill, pause and start; all are in sync when a module begins."""
    skip_without_apache_kafka()
    with kafka_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster
