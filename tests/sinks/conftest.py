"""A ClickHouse with the tables, and a way to look into them."""

from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.client import Client

from sinks.clickhouse import connect
from sinks.migrator import migrate
from sinks.settings import SinkSettings
from sinks.store import Store


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
