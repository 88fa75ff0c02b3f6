import asyncio
from collections.abc import AsyncIterator

import pytest

from streams.caching.redis_link import RedisLink
from tests.streams.enrichers import NOWHERE


@pytest.fixture
async def mute_server() -> AsyncIterator[str]:
    """A server that takes connections and never answers."""
    over = asyncio.Event()

    async def keep_silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(keep_silent, "127.0.0.1", 0)
    yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    over.set()
    server.close()
    await server.wait_closed()


async def test_what_it_was_told_is_done_when_it_is_closed(redis_database: str) -> None:
    link = RedisLink(redis_database, timeout=1.0)
    link.tell(lambda client: client.set("key", b"value"))
    await link.close()
    another = RedisLink(redis_database, timeout=1.0)
    assert await another.ask(lambda client: client.get("key")) == b"value"
    await another.close()


async def test_a_server_that_never_answers_costs_one_timeout_and_is_left_alone(mute_server: str) -> None:
    link = RedisLink(mute_server, timeout=0.1, rest=60.0)
    async with asyncio.timeout(5):
        assert await link.ask(lambda client: client.get("key")) is None
    assert link.resting
    asked = False

    async def ask(_client: object) -> None:
        nonlocal asked
        asked = True

    await link.ask(ask)
    link.tell(ask)
    await link.close()
    assert not asked


async def test_redis_is_asked_again_after_its_rest() -> None:
    link = RedisLink(NOWHERE, timeout=0.1, rest=0.0)
    await link.ask(lambda client: client.get("key"))
    assert not link.resting
    await link.close()
