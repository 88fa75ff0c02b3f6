"""Which fingerprints are explained, and for which an explanation is asked."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from enum import Enum, auto
from typing import NamedTuple

import redis.asyncio as redis

from streams.caching.expiring_set import ExpiringSet
from streams.caching.keys import explained_key, requested_key
from streams.caching.redis_link import RedisLink
from streams.caching.shared_cache import jittered

EXPLAINED_MEMORY = timedelta(minutes=10)
"""How long a worker takes a fingerprint for explained without asking Redis again."""
MAX_FINGERPRINTS = 100_000
"""Fingerprints kept in process memory at most, of either kind."""


class FingerprintName(NamedTuple):
    """What names an explanation."""

    tenant_id: str
    fingerprint: bytes

    @property
    def key(self) -> bytes:
        """The message key of requests and explanations."""
        return f"{self.tenant_id}/{self.fingerprint.hex()}".encode()


class Standing(Enum):
    """How a fingerprint stands."""

    EXPLAINED = auto()
    REQUESTED = auto()
    UNKNOWN = auto()


class ExplanationIndex:
    """Knows of explanations, not what they say: process memory first, then Redis; where that is away, nothing.

    A request counts for `request_ttl`, so that one that was lost is made again.
    """

    def __init__(self, link: RedisLink, *, version: str, request_ttl: timedelta) -> None:
        """`version` is the prompt's: what another one said does not count."""
        self._link = link
        self._version = version
        self._request_ttl = request_ttl
        self._explained: ExpiringSet[FingerprintName] = ExpiringSet(
            memory=EXPLAINED_MEMORY, max_members=MAX_FINGERPRINTS
        )
        self._requested: ExpiringSet[FingerprintName] = ExpiringSet(memory=request_ttl, max_members=MAX_FINGERPRINTS)

    async def standings(self, names: Collection[FingerprintName]) -> dict[FingerprintName, Standing]:
        """Return how each fingerprint stands."""
        asked = [name for name in names if name not in self._explained]
        explained, requested = await self._ask(asked)
        for name in explained:
            self._explained.add(name)
        return {name: self._standing(name, requested) for name in names}

    def claim(self, name: FingerprintName) -> bool:
        """Take it on to request an explanation; False where this worker does already."""
        if name in self._requested:
            return False
        self._requested.add(name)
        return True

    def requested_soon(self, names: Collection[FingerprintName]) -> None:
        """Tell all workers that explanations were asked for, without making anyone wait."""
        if not names:
            return

        async def mark(client: redis.Redis) -> None:
            async with client.pipeline(transaction=False) as pipeline:
                for name in names:
                    pipeline.set(requested_key(self._version, *name), b"", px=jittered(self._request_ttl))
                await pipeline.execute()

        self._link.tell(mark)

    def forget(self) -> None:
        """Ask Redis anew for everything."""
        self._explained.clear()
        self._requested.clear()

    def _standing(self, name: FingerprintName, requested: Collection[FingerprintName]) -> Standing:
        if name in self._explained:
            return Standing.EXPLAINED
        return Standing.REQUESTED if name in requested or name in self._requested else Standing.UNKNOWN

    async def _ask(self, names: Sequence[FingerprintName]) -> tuple[set[FingerprintName], set[FingerprintName]]:
        """Return the names that Redis holds an explanation of, and those it holds a request for."""
        if not names:
            return set(), set()

        async def exist(client: redis.Redis) -> list[int]:
            async with client.pipeline(transaction=False) as pipeline:
                for name in names:
                    pipeline.exists(explained_key(self._version, *name))
                    pipeline.exists(requested_key(self._version, *name))
                return list(await pipeline.execute())

        answers = await self._link.ask(exist) or [0] * 2 * len(names)
        explained = {name for name, there in zip(names, answers[::2], strict=True) if there}
        requested = {name for name, there in zip(names, answers[1::2], strict=True) if there}
        return explained, requested
