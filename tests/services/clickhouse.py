"""A ClickHouse server for the tests, spoken to over HTTP."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testcontainers.community.clickhouse import ClickHouseContainer

from cli.stack.chdb import clickhouse_spec
from tests.services.engine import docker_answers
from tests.services.process import HOST, free_port, running
from tests.services.source import Source, running_already

ADDRESS = "NETCOPILOT_TEST_CLICKHOUSE"
_IMAGE = "clickhouse/clickhouse-server:26.8"


def choose_clickhouse() -> Source:
    """The server of the environment, in Docker, or the embedded one: the first there is."""
    if address := os.environ.get(ADDRESS):
        return running_already(ADDRESS, address)
    if docker_answers():
        return Source(f"Docker ({_IMAGE})", _container)
    return Source("embedded ClickHouse (chDB)", _embedded)


@contextmanager
def _container(_folder: Path) -> Iterator[str]:
    with ClickHouseContainer(_IMAGE, username="test", password="test") as container:
        host, port = container.get_container_host_ip(), container.get_exposed_port(8123)
        yield f"http://test:test@{host}:{port}"


@contextmanager
def _embedded(folder: Path) -> Iterator[str]:
    port = free_port()
    with running(clickhouse_spec(host=HOST, port=port, folder=folder / "clickhouse"), folder):
        yield f"http://{HOST}:{port}"
