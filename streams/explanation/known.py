"""Whether a fingerprint is explained: process memory first, then Redis, then ClickHouse."""

from datetime import timedelta

from streams.caching.expiring_set import ExpiringSet
from streams.caching.keys import explained_key
from streams.caching.redis_link import RedisLink
from streams.caching.shared_cache import jittered
from streams.explanation.durable import DurableExplanations
from streams.explanation.request import ExplanationRequest

_MEMORY = timedelta(minutes=10)
_MOST = 100_000


class KnownExplanations:
    """What is known, and making it known to the workers, who ask Redis only."""

    def __init__(self, link: RedisLink, durable: DurableExplanations, *, version: str, ttl: timedelta) -> None:
        self._link = link
        self._durable = durable
        self._version = version
        self._ttl = ttl
        self._own: ExpiringSet[bytes] = ExpiringSet(memory=_MEMORY, max_members=_MOST)

    async def hold(self, request: ExplanationRequest) -> bool:
        """Tell whether there is an explanation of this model and prompt; Redis is warmed where only others knew."""
        key = self._key(request)
        if await self._link.ask(lambda client: client.exists(key)):
            return True
        if key not in self._own and not await self._durable.hold(request):
            return False
        await self.add(request)
        return True

    async def add(self, request: ExplanationRequest) -> None:
        """Make it known that the request's fingerprint is explained."""
        key = self._key(request)
        self._own.add(key)
        await self._link.ask(lambda client: client.set(key, b"", px=jittered(self._ttl)))

    def _key(self, request: ExplanationRequest) -> bytes:
        return explained_key(self._version, request.tenant_id, request.fingerprint)
