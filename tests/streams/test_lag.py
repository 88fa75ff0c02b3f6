"""Progress as the worker's liveness sees it, on a real broker."""

import asyncio
from collections.abc import Awaitable, Callable

from confluent_kafka import Producer

from runtime.health import Progress
from streams.driver.batch import RecordBatch
from streams.lag import LagWatch
from tests.services.topics import TopicFactory
from tests.streams.driver.test_consumer import make_app, until


async def test_a_batch_that_is_never_finished_is_no_progress(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("lag")
    held: list[tuple[RecordBatch, Callable[[], Awaitable[object]]]] = []

    async def hold(batch: RecordBatch, acknowledge: Callable[[], Awaitable[object]]) -> None:
        held.append((batch, acknowledge))
        await asyncio.sleep(0)

    app = make_app(kafka, topic, topic, hold)
    await app.start()
    now = 0.0
    progress = Progress(patience=10, clock=lambda: now)
    watch = LagWatch(app, progress)
    try:
        await until(watch.look)
        now = 20.0
        watch.look()
        assert progress.probe().healthy

        producer = Producer({"bootstrap.servers": kafka})
        producer.produce(topic, value=b"x", partition=0)
        producer.flush(10)
        await until(lambda: len(held) == 1)
        now = 40.0
        watch.look()
        assert not progress.probe().healthy

        batch, acknowledge = held[0]
        batch.completed = True
        await acknowledge()
        watch.look()
        assert progress.probe().healthy
    finally:
        await app.stop()
