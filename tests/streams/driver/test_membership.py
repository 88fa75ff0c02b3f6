"""What a member that leaves, or lost its membership, may still commit."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

from streams.driver.batch import Partition, RecordBatch
from streams.driver.drain import Taken
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


async def test_what_is_taken_while_the_group_meets_is_taken_again(kafka: str, topic_factory: TopicFactory) -> None:
    """A take that begins before a meeting may end after it, with records of a partition that stays."""
    topic = topic_factory("driver")
    collector = Collector()
    app = make_app(kafka, topic, topic, collector)
    await app.start()
    try:
        produce(kafka, topic, numbers(1))
        await until(lambda: collector.values == numbers(1))
        thread, begun = app.micro_batches._own_thread, asyncio.Event()
        take = thread.take

        async def take_across_a_meeting(partitions: Collection[Partition], *, timeout: float) -> Taken:  # noqa: ASYNC109 - as the real one
            begun.set()
            taken = await take(partitions, timeout=timeout)
            app.consumer_generation_id = taken.generation
            return taken

        app.consumer_generation_id -= 1
        thread.take = take_across_a_meeting  # type: ignore[method-assign]
        await begun.wait()
        produce(kafka, topic, numbers(9, 1))
        await until(lambda: collector.values == numbers(10))
    finally:
        await app.stop()


async def test_what_was_begun_is_read_again_where_nothing_is_committed(kafka: str, topic_factory: TopicFactory) -> None:
    """Going back to the committed offsets goes back to the first that is not safe where there are none."""
    topic = topic_factory("driver")
    begun: list[RecordBatch] = []

    async def leave_undone(batch: RecordBatch, acknowledge: Callable[[], Awaitable[object]]) -> None:
        begun.append(batch)
        await asyncio.sleep(0)

    app = make_app(kafka, topic, topic, leave_undone)
    await app.start()
    try:
        produce(kafka, topic, numbers(5))
        await until(lambda: len(begun) == 1)
        await app.micro_batches.perform_seek()
        assert begun[0].withdrawn
        await until(lambda: len(begun) == 2)
        assert [record.value for record in begun[1].records] == numbers(5)
    finally:
        await app.stop()
