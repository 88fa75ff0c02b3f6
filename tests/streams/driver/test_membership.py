"""What a member that leaves, or lost its membership, may still commit."""

import asyncio
from collections.abc import Awaitable, Callable

from streams.driver.batch import RecordBatch
from tests.services.topics import TopicFactory
from tests.streams.driver.apps import Collector, committed, make_app, numbers, produce, until

LONGER_THAN_A_FETCH_WAITS = 1.5


async def test_what_becomes_safe_while_a_consumer_drains_is_committed(kafka: str, topic_factory: TopicFactory) -> None:
    """A fetch that comes back meanwhile takes nothing of it away."""
    topic = topic_factory("driver")
    begun: list[tuple[RecordBatch, Callable[[], Awaitable[object]]]] = []

    async def hold(batch: RecordBatch, acknowledge: Callable[[], Awaitable[object]]) -> None:
        begun.append((batch, acknowledge))
        await asyncio.sleep(0)

    async def finish() -> None:
        await asyncio.sleep(LONGER_THAN_A_FETCH_WAITS)
        batch, acknowledge = begun[0]
        assert batch.withdrawn
        batch.complete()
        await acknowledge()
        second, _ = begun[1]
        second.secure(second.records[3].offset)

    app = make_app(kafka, topic, topic, hold)
    await app.start()
    try:
        for part in range(2):
            produce(kafka, topic, numbers(10, 10 * part))
            await until(lambda wanted=part + 1: len(begun) == wanted)  # type: ignore[misc]
        app.micro_batches.before_revocation = finish
        await app.micro_batches.drain()
        assert committed(kafka, topic, topic) == 14
    finally:
        app.micro_batches.before_revocation = None
        await app.stop()


async def test_who_is_not_the_member_that_was_assigned_commits_nothing_until_it_is(
    kafka: str, topic_factory: TopicFactory
) -> None:
    """An empty group accepts offsets from anybody who claims no generation: they would move backwards."""
    topic = topic_factory("driver")
    collector = Collector()
    app = make_app(kafka, topic, topic, collector)
    await app.start()
    try:
        produce(kafka, topic, numbers(10))
        await until(lambda: committed(kafka, topic, topic) == 10)
        produce(kafka, topic, numbers(10, 10))
        coordinator = app.micro_batches._own_thread._ensure_consumer()._coordinator
        coordinator.generation -= 1
        await until(lambda: len(collector.values) == 20)
        assert not await app.consumer.commit()
        coordinator.generation += 1
        assert committed(kafka, topic, topic) == 10
        await until(lambda: committed(kafka, topic, topic) == 20)
    finally:
        await app.stop()


async def test_an_ended_fetcher_is_told(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("driver")
    collector = Collector()
    app = make_app(kafka, topic, topic, collector)
    await app.start()
    try:
        produce(kafka, topic, numbers(1))
        await until(lambda: collector.values == numbers(1))
        assert app.micro_batches.failure() is None
        app.micro_batches._own_thread._ensure_consumer()._fetcher._fetch_task.cancel()
        await until(lambda: app.micro_batches.failure() == "fetching ended")
    finally:
        await app.stop()
