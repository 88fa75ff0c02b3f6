"""Executions by cache status, added up over all workers."""

from collections import Counter

import redis.asyncio as redis

from streams import metrics
from streams.caching.keys import EVENTS
from streams.caching.redis_link import RedisLink


class EventCounts:
    """Adds to Redis what this worker counted since it reported last; an outage delays that and loses nothing."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._reported: Counter[str] = Counter()

    async def report(self) -> None:
        """Bring Redis up to date."""
        counted = _counted()
        news = counted - self._reported

        async def add(client: redis.Redis) -> Counter[str]:
            async with client.pipeline(transaction=True) as pipeline:
                for status, count in news.items():
                    pipeline.hincrby(EVENTS, status, count)
                await pipeline.execute()
            return counted

        if news:
            self._reported = await self._link.ask(add) or self._reported


def _counted() -> Counter[str]:
    samples = (sample for metric in metrics.EVENTS.collect() for sample in metric.samples)
    return Counter({s.labels["cache_status"]: int(s.value) for s in samples if s.name.endswith("_total")})
