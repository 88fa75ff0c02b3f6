"""A live stream's write side and its client's leaving, whichever ends first."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def write_until_left(
    writing: Coroutine[Any, Any, None], leaving: Coroutine[Any, Any, None], *ordinary: type[BaseException]
) -> None:
    """Write until the stream ends or the client has left; both are over on return.

    `ordinary` errors are how clients leave; any other error of the writing is raised.
    """
    write, leave = asyncio.create_task(writing), asyncio.create_task(leaving)
    try:
        await asyncio.wait((write, leave), return_when=asyncio.FIRST_COMPLETED)
    finally:
        leave.cancel()
        write.cancel()
        await asyncio.gather(write, leave, return_exceptions=True)
    error = None if write.cancelled() else write.exception()
    if error is not None and not isinstance(error, ordinary):
        raise error
