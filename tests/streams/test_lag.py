"""What a worker knows of its lag, against what the broker says."""

import asyncio
from collections.abc import Awaitable, Callable

from streams import metrics
from streams.driver.batch import RecordBatch
from streams.lag import LagWatch, Standing
from tests.services.topics import TopicFactory
from tests.streams.driver.apps import committed, make_app, numbers, produce

Held = list[tuple[RecordBatch, Callable[[], Awaitable[object]]]]


def shown(partition: int) -> float:
    return next(
        sample.value
        for metric in metrics.LAG.collect()
        for sample in metric.samples
        if sample.labels == {"partition": str(partition)}
    )


async def look_until(watch: LagWatch, condition: Callable[[list[Standing]], bool]) -> list[Standing]:
    async with asyncio.timeout(40):
        while True:
            standings = await watch.look()
            if standings is not None and condition(standings):
                return standings
            await asyncio.sleep(0.05)


async def test_lag_is_what_the_broker_says_before_and_after_the_first_commit(
    kafka: str, topic_factory: TopicFactory
) -> None:
    topic = topic_factory("lag")
    held: Held = []

    async def hold(batch: RecordBatch, acknowledge: Callable[[], Awaitable[object]]) -> None:
        held.append((batch, acknowledge))
        await asyncio.sleep(0)

    app = make_app(kafka, topic, topic, hold)
    await app.start()
    now = 0.0
    watch = LagWatch(app, clock=lambda: now)
    try:
        [idle] = await look_until(watch, bool)
        assert (idle.behind, idle.pending, idle.waiting) == (0, 0, False)

        produce(kafka, topic, numbers(10))
        now = 10.0
        [behind] = await look_until(watch, lambda seen: seen[0].behind > 0)
        assert (behind.committed, behind.behind) == (None, 10)
        assert shown(0) == 10

        [pending] = await look_until(watch, lambda seen: seen[0].pending > 0)
        assert pending.waiting
        while held:
            batch, acknowledge = held.pop()
            batch.complete()
            await acknowledge()
        now = 20.0
        [done] = await look_until(watch, lambda seen: seen[0].committed == 10)
        assert (done.behind, done.waiting) == (0, False)
        assert committed(kafka, topic, topic) == done.committed
    finally:
        await app.stop()
