"""How a purge of the caches reaches the workers' memories."""

from collections.abc import Callable

import redis.asyncio as redis
from redis.utils import str_if_bytes

from runtime.log import get_logger
from streams import metrics
from streams.caching.keys import PURGE, PURGES
from streams.caching.purge import Purge
from streams.caching.redis_link import RedisLink

log = get_logger(__name__)

_BEFORE_ALL = "0-0"


class PurgeWatch:
    """Reads the purges that were announced since it looked last and has them applied."""

    def __init__(self, link: RedisLink, apply: Callable[[Purge], None]) -> None:
        self._link = link
        self._apply = apply
        self._last: str | None = None

    async def look(self) -> None:
        """Apply what is new; the first look only learns where the announcements end."""
        if self._last is None:
            self._last = await self._link.ask(_newest)
            return
        after = f"({self._last}"
        for entry, fields in await self._link.ask(lambda client: client.xrange(PURGES, min=after)) or ():
            if entry is None or fields is None:
                continue
            purge = Purge.from_json(fields[PURGE])
            log.info("purged", outputs=purge.outputs, explanations=purge.explanations)
            metrics.PURGES.inc()
            self._apply(purge)
            self._last = str_if_bytes(entry)


async def _newest(client: redis.Redis) -> str:
    entries = await client.xrevrange(PURGES, count=1)
    newest = entries[0][0] if entries else None
    return str_if_bytes(newest) if newest is not None else _BEFORE_ALL
