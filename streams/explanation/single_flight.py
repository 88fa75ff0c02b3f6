"""One explainer at a time for a fingerprint, whoever is asked for it."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from weakref import WeakValueDictionary

import redis.asyncio as redis

from streams.caching.keys import explaining_key
from streams.caching.redis_link import RedisLink
from streams.explanation.request import ExplanationRequest

_POLL_SECONDS = 0.2
_RENEW = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class SingleFlight:
    """A lock in this process and in Redis, renewed while it is held; one whose holder died lasts `ttl` seconds.

    Where Redis is away the lock is this process's alone: a fingerprint's requests go to one partition, and so to one
    explainer.
    """

    def __init__(self, link: RedisLink, *, version: str, ttl: float) -> None:
        self._link = link
        self._version = version
        self._ttl = ttl
        self._own: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, request: ExplanationRequest) -> AsyncIterator[None]:
        """Wait for the fingerprint's lock and hold it for the block."""
        key = explaining_key(self._version, request.tenant_id, request.fingerprint)
        async with self._own.setdefault(key, asyncio.Lock()), self._held_in_redis(key):
            yield

    @asynccontextmanager
    async def _held_in_redis(self, key: bytes) -> AsyncIterator[None]:
        holder = secrets.token_hex(8)
        while not await self._acquired(key, holder):  # noqa: ASYNC110 - the other holder is another process
            await asyncio.sleep(_POLL_SECONDS)
        renewal = asyncio.create_task(self._renew(key, holder))
        try:
            yield
        finally:
            renewal.cancel()
            with suppress(asyncio.CancelledError):
                await renewal
            await self._run(_RELEASE, key, holder)

    async def _acquired(self, key: bytes, holder: str) -> bool:
        """Try once; with Redis away there is nothing to wait for."""

        async def acquire(client: redis.Redis) -> bool:
            return bool(await client.set(key, holder, nx=True, px=self._milliseconds))

        answer = await self._link.ask(acquire)
        return answer is None or answer

    async def _renew(self, key: bytes, holder: str) -> None:
        while True:
            await asyncio.sleep(self._ttl / 3)
            await self._run(_RENEW, key, holder, str(self._milliseconds))

    async def _run(self, script: str, key: bytes, *arguments: str) -> None:
        async def run(client: redis.Redis) -> None:
            await client.eval(script, 1, key, *arguments)

        await self._link.ask(run)

    @property
    def _milliseconds(self) -> int:
        return int(self._ttl * 1000)
