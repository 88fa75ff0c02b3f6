"""Redis or Valkey as something that may be away."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import redis.asyncio as redis
from redis.exceptions import RedisError

from runtime.log import get_logger
from streams import metrics

log = get_logger(__name__)

Answer = TypeVar("Answer")


class RedisLink:
    """Makes calls that cost at most their time-out and never fail.

    After a failure Redis is left alone for `rest` seconds, so that an outage does not add a time-out to every batch.
    """

    def __init__(self, url: str, *, timeout: float, rest: float = 2.0) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)
        self._rest = rest
        self._away_until = 0.0
        self._background: set[asyncio.Task[object]] = set()

    @property
    def resting(self) -> bool:
        """Whether Redis failed a moment ago and is not asked."""
        return time.monotonic() < self._away_until

    async def ask(self, call: Callable[[redis.Redis], Awaitable[Answer]]) -> Answer | None:
        """Return what a call on the client gives, None where Redis is away."""
        if self.resting:
            return None
        try:
            return await call(self._client)
        except (RedisError, OSError, TimeoutError) as error:
            metrics.CACHE_ERRORS.inc()
            log.warning("redis_away", error=type(error).__name__, rest_seconds=self._rest)
            self._away_until = time.monotonic() + self._rest
            return None

    def tell(self, call: Callable[[redis.Redis], Awaitable[object]]) -> None:
        """Make a call without making anyone wait."""
        if self.resting:
            return
        task: asyncio.Task[object] = asyncio.create_task(self.ask(call))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def close(self) -> None:
        """Finish what is under way and disconnect."""
        await asyncio.gather(*self._background)
        await self._client.aclose()
