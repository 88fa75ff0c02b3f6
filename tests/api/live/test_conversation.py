import asyncio

import pytest

from api.live import conversation
from api.live.conversation import Writes, write_until_left


async def for_ever() -> None:
    await asyncio.Event().wait()


async def test_a_client_that_reads_no_more_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "WRITE_SECONDS", 0.02)
    writes = Writes()
    async with asyncio.timeout(60):
        await write_until_left(writes.wait_for(for_ever()), for_ever(), writes)


async def test_a_stream_without_news_is_not_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "WRITE_SECONDS", 0.01)
    writes = Writes()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await write_until_left(for_ever(), for_ever(), writes)


async def test_it_is_over_when_the_client_leaves_or_the_stream_ends() -> None:
    for writing, leaving in ((for_ever(), asyncio.sleep(0)), (asyncio.sleep(0), for_ever())):
        async with asyncio.timeout(60):
            await write_until_left(writing, leaving, Writes())


async def test_only_ordinary_errors_are_how_clients_leave() -> None:
    async def write() -> None:
        raise ConnectionError

    await write_until_left(write(), for_ever(), Writes(), ordinary=(ConnectionError,))
    with pytest.raises(ConnectionError):
        await write_until_left(write(), for_ever(), Writes())
