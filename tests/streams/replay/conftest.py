from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.topics import ANALYSES_REQUESTED, ANALYZED, DEAD, EXECUTED
from sinks.clickhouse import connect
from sinks.migrator import migrate
from sinks.settings import SinkSettings
from tests.services.topics import TopicFactory
from tests.streams.replay.history import PARTITIONS, History


@pytest.fixture
def history(
    kafka: str, topic_factory: TopicFactory, clickhouse_url: str, clickhouse_database: str, tmp_path: Path
) -> Iterator[History]:
    prefix = topic_factory.prefixed(EXECUTED, ANALYZED, DEAD, ANALYSES_REQUESTED, partitions=PARTITIONS)
    settings = SinkSettings(clickhouse_url=clickhouse_url, clickhouse_database=clickhouse_database)
    migrate(settings)
    client = connect(settings, database=clickhouse_database)
    yield History(kafka, prefix, clickhouse_url, clickhouse_database, tmp_path, client)
    client.close()
