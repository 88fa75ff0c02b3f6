"""A Redis-protocol server for the tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testcontainers.community.redis import RedisContainer

from cli.stack.valkey import valkey_spec
from tests.services.engine import docker_answers
from tests.services.process import HOST, free_port, running
from tests.services.source import Source, running_already

ADDRESS = "NETCOPILOT_TEST_REDIS"
_IMAGE = "valkey/valkey:9.1-alpine"


def choose_redis() -> Source:
    """The server of the environment, in Docker, or the embedded one: the first there is."""
    if address := os.environ.get(ADDRESS):
        return running_already(ADDRESS, address)
    if docker_answers():
        return Source(f"Docker ({_IMAGE})", _container)
    return Source("embedded Valkey", _valkey)


@contextmanager
def _container(_folder: Path) -> Iterator[str]:
    with RedisContainer(_IMAGE) as container:
        yield f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(6379)}/0"


@contextmanager
def _valkey(folder: Path) -> Iterator[str]:
    port = free_port()
    with running(valkey_spec(host=HOST, port=port, folder=folder / "valkey"), folder):
        yield f"redis://{HOST}:{port}/0"
