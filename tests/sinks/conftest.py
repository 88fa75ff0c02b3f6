"""A ClickHouse with the tables, a way to look into them, and sinks between a broker and an empty ClickHouse."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client

from schemas.topics import ANALYSES, ANALYZED, DEAD
from sinks.clickhouse import connect
from sinks.migrator import migrate
from sinks.settings import SinkSettings
from sinks.store import Store
from tests.services.topics import TopicFactory
from tests.sinks.sink_process import SinkProcess

PARTITIONS = 2

INSERTS = (
    "SELECT sum(max_block_number - min_block_number + 1) FROM system.parts "
    "WHERE database = currentDatabase() AND table = 'commands' AND active"
)
"""How many inserts the rows came with, where all are of one month: merges keep the numbers."""

Start = Callable[..., SinkProcess]


@pytest.fixture
def settings(clickhouse_url: str, clickhouse_database: str) -> SinkSettings:
    return SinkSettings(clickhouse_url=clickhouse_url, clickhouse_database=clickhouse_database)


@pytest.fixture
def client(settings: SinkSettings) -> Iterator[Client]:
    """A client of a database that has all tables."""
    migrate(settings)
    client = connect(settings, database=settings.clickhouse_database)
    yield client
    client.close()


@pytest.fixture
def store(client: Client) -> Store:
    return Store(client)


@pytest.fixture
def partitions() -> int:
    """How many partitions the topics have."""
    return PARTITIONS


@pytest.fixture
def stream_settings(
    kafka: str, topic_factory: TopicFactory, clickhouse_url: str, clickhouse_database: str, partitions: int
) -> SinkSettings:
    """Topics of their own on the broker, and an empty database."""
    prefix = topic_factory.prefixed(ANALYZED, ANALYSES, DEAD, partitions=partitions)
    return SinkSettings(
        kafka_bootstrap_servers=kafka,
        clickhouse_url=clickhouse_url,
        clickhouse_database=clickhouse_database,
        kafka_topic_prefix=prefix,
        sink_group=f"{prefix}sink",
    )


@pytest.fixture
def start(stream_settings: SinkSettings, tmp_path: Path) -> Iterator[Start]:
    """Starts sinks; whatever still runs is killed after the test."""
    started: list[SinkProcess] = []

    def start_one(used: SinkSettings = stream_settings, **options: str) -> SinkProcess:
        sink = SinkProcess(used, tmp_path / f"sink-{len(started)}.log", options)
        started.append(sink)
        sink.start()
        return sink

    yield start_one
    for sink in started:
        sink.end(signal.SIGKILL)
