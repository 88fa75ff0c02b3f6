"""Analyses of outputs seen before by any worker, in Redis or Valkey."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta

import redis.asyncio as redis
from redis.exceptions import RedisError

from runtime.log import get_logger
from streams import metrics

log = get_logger(__name__)


class SharedCache:
    """Maps a digest to encoded analysis bytes; a cache that is away costs time, never an event.

    After a failure it is left alone for `rest` seconds, so that an outage does not add a timeout to every batch.
    """

    def __init__(self, url: str, *, version: str, ttl: timedelta, timeout: float, rest: float = 2.0) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)
        self._prefix = f"netcopilot:output:{version}:".encode()
        self._ttl = ttl.total_seconds()
        self._rest = rest
        self._away_until = 0.0
        self._writes: set[asyncio.Task[None]] = set()

    async def get_many(self, digests: Sequence[bytes]) -> list[bytes | None]:
        """Return the analysis for each digest, None where Redis has none or does not answer."""
        if not digests or self._resting():
            return [None] * len(digests)
        try:
            answers = await self._client.mget([self._prefix + digest for digest in digests])
        except (RedisError, OSError, TimeoutError) as error:
            self._failed(error)
            return [None] * len(digests)
        return [answer if isinstance(answer, bytes) else None for answer in answers]

    def put_many_soon(self, analyses: Mapping[bytes, bytes]) -> None:
        """Store analyses without making anyone wait."""
        if not analyses or self._resting():
            return
        write = asyncio.create_task(self._put_many(dict(analyses)))
        self._writes.add(write)
        write.add_done_callback(self._writes.discard)

    async def close(self) -> None:
        """Finish what is being written and disconnect."""
        await asyncio.gather(*self._writes)
        await self._client.aclose()

    async def _put_many(self, analyses: Mapping[bytes, bytes]) -> None:
        try:
            async with self._client.pipeline(transaction=False) as pipeline:
                for digest, analysis in analyses.items():
                    jitter = random.uniform(0.9, 1.1)  # noqa: S311 - spreads expiry, keeps no secret
                    pipeline.set(self._prefix + digest, analysis, px=int(self._ttl * jitter * 1000))
                await pipeline.execute()
        except (RedisError, OSError, TimeoutError) as error:
            self._failed(error)

    def _resting(self) -> bool:
        return time.monotonic() < self._away_until

    def _failed(self, error: Exception) -> None:
        metrics.CACHE_ERRORS.inc()
        log.warning("shared_cache_away", error=type(error).__name__, rest_seconds=self._rest)
        self._away_until = time.monotonic() + self._rest
