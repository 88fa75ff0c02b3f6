"""The caches in Redis as their keeper sees them: what they hold, and how to empty them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import redis.asyncio as redis
from redis.utils import str_if_bytes

from streams.caching.keys import EVENTS, EXPLAINED, OUTPUTS, PURGE, PURGES, REQUESTED, pattern
from streams.caching.purge import Purge

MAX_PURGES = 1_000
"""Announcements kept for workers that have not seen them."""
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the caches hold, and what they were good for."""

    outputs: int
    explanations: int
    requests: int
    memory_bytes: int
    """Of the whole server."""
    events: dict[str, int]
    """Executions analysed since the server started or was emptied, by cache status."""


class CacheStore:
    """Counts and deletes keys in steps, so that the server answers others in between."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    async def holdings(self) -> Holdings:
        """Return what there is.

        Raises:
            RedisError: the server does not answer.

        """
        memory = await self._client.info("memory")
        events = await self._client.hgetall(EVENTS)
        return Holdings(
            outputs=await self._count(OUTPUTS),
            explanations=await self._count(EXPLAINED),
            requests=await self._count(REQUESTED),
            memory_bytes=int(memory["used_memory"]),
            events={str_if_bytes(status): int(count) for status, count in sorted(events.items())},
        )

    async def purge(self, purge: Purge) -> int:
        """Delete what a purge names and announce it to the workers' memories; return how many keys went.

        What belongs to a device is not apart in Redis: the announcement has its worker analyse it anew.

        Raises:
            RedisError: the server does not answer; part of it may be gone, and the same purge may be done again.

        """
        deleted = 0
        for prefix in () if purge.device else _prefixes(purge):
            async for keys in self._keys(prefix, purge.tenant or None):
                deleted += await self._client.unlink(*keys)
        await self._client.xadd(PURGES, {PURGE: purge.to_json()}, maxlen=MAX_PURGES)
        return deleted

    async def _count(self, prefix: bytes) -> int:
        return sum([len(keys) async for keys in self._keys(prefix, None)])

    async def _keys(self, prefix: bytes, tenant: str | None) -> AsyncIterator[list[bytes | str]]:
        """Yield the keys there are, in batches; one may come twice."""
        cursor, wanted = 0, pattern(prefix, tenant)
        while True:
            cursor, keys = await self._client.scan(cursor, match=wanted, count=_BATCH)
            if keys:
                yield keys
            if not cursor:
                return


def _prefixes(purge: Purge) -> list[bytes]:
    outputs = [OUTPUTS] if purge.outputs else []
    return [*outputs, EXPLAINED, REQUESTED] if purge.explanations else outputs
