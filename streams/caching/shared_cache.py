"""Analyses of outputs seen before by any worker, in Redis or Valkey."""

import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

import redis.asyncio as redis

from streams.caching.cached_analysis import CachedAnalysis
from streams.caching.keys import output_key
from streams.caching.redis_link import RedisLink

JITTER = 0.1
"""Share of the time to live by which each entry's own differs at most, so that they do not all expire at once."""


class OutputName(NamedTuple):
    """What names an output: the tenant's bytes, and the digest of tenant and analysed tail."""

    tenant: bytes
    digest: bytes


class SharedCache:
    """Maps an output's name to its analysis; a cache that is away costs time, never an event."""

    def __init__(self, link: RedisLink, *, version: str, ttl: timedelta) -> None:
        self._link = link
        self._version = version
        self._ttl = ttl

    async def get_many(self, names: Sequence[OutputName]) -> dict[bytes, CachedAnalysis]:
        """Return the analyses that Redis has, by digest."""
        if not names:
            return {}
        keys = [output_key(self._version, *name) for name in names]
        found: dict[bytes, CachedAnalysis] = {}
        answers = await self._link.ask(lambda client: client.mget(keys)) or ()
        for name, answer in zip(names, answers, strict=False):
            if isinstance(answer, bytes):
                with suppress(ValueError):
                    found[name.digest] = CachedAnalysis.from_bytes(answer)
        return found

    def put_many_soon(self, analyses: Mapping[OutputName, CachedAnalysis]) -> None:
        """Store analyses without making anyone wait."""
        if not analyses:
            return

        async def put(client: redis.Redis) -> None:
            async with client.pipeline(transaction=False) as pipeline:
                for name, analysis in analyses.items():
                    pipeline.set(output_key(self._version, *name), analysis.to_bytes(), px=jittered(self._ttl))
                await pipeline.execute()

        self._link.tell(put)


def jittered(ttl: timedelta) -> int:
    """Return a time to live within JITTER of `ttl`, in milliseconds, at least one."""
    factor = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads expiry, keeps no secret
    return max(1, int(ttl.total_seconds() * factor * 1000))
