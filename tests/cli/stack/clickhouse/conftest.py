from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.client import Client

from tests.cli.stack.clickhouse.server import EmbeddedServer, running


@pytest.fixture(scope="module")
def embedded_clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        yield server


@pytest.fixture
def client(embedded_clickhouse: EmbeddedServer) -> Iterator[Client]:
    client = embedded_clickhouse.client()
    client.command("DROP DATABASE IF EXISTS scratch SYNC")
    client.command("CREATE DATABASE scratch")
    client.database = "scratch"
    yield client
    client.close()
