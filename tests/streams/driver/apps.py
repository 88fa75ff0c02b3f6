"""Apps on the driver for tests, and the broker's own view of what they do."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, cast

from confluent_kafka import Consumer, Producer, TopicPartition
from faust.streams import Stream
from faust.types import StreamT

from streams.app import StreamApp
from streams.driver.batch import RecordBatch
from streams.driver.codec import BatchCodec
from streams.driver.drain import Portions
from streams.driver.monitor import RecordMonitor
from streams.driver.options import DriverOptions

Handler = Callable[[RecordBatch, Callable[[], Awaitable[object]]], Awaitable[None]]


def make_app(kafka: str, topic: str, group: str, handle: Handler, *, portions: Portions | None = None) -> StreamApp:
    app = StreamApp(
        group,
        broker=f"aiokafka://{kafka}",
        broker_session_timeout=6.0,
        broker_heartbeat_interval=1.0,
        broker_rebalance_timeout=2.0,
        broker_request_timeout=40.0,
        broker_commit_interval=0.2,
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        Monitor=RecordMonitor,
    )
    app.driver = DriverOptions(portions=portions or Portions())
    channel = app.topic(topic, key_serializer="raw", value_serializer=BatchCodec())

    @app.agent(channel, concurrency=1)
    async def read(stream: StreamT[Any]) -> None:
        batches = cast("Stream[RecordBatch]", stream).noack()
        async for event in batches.events():
            await handle(event.value, partial(batches.ack, event))

    return app


def produce(kafka: str, topic: str, values: list[bytes], partition: int = 0) -> None:
    producer = Producer({"bootstrap.servers": kafka, "acks": "all", "enable.idempotence": True})
    for value in values:
        producer.produce(topic, value=value, partition=partition)
    assert producer.flush(30) == 0


def committed(kafka: str, topic: str, group: str, partition: int = 0) -> int:
    consumer = Consumer({"bootstrap.servers": kafka, "group.id": group})
    try:
        return int(consumer.committed([TopicPartition(topic, partition)], timeout=10)[0].offset)
    finally:
        consumer.close()


def end_of(kafka: str, topic: str, partition: int = 0) -> int:
    """The offset behind the last record that a reader of committed transactions may get."""
    consumer = Consumer({"bootstrap.servers": kafka, "group.id": "nobody"})
    try:
        _, end = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
        return int(end)
    finally:
        consumer.close()


async def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the condition is a broker's, it has no event
            await asyncio.sleep(0.05)


def numbers(count: int, start: int = 0) -> list[bytes]:
    return [str(number).encode() for number in range(start, start + count)]


class Collector:
    """Completes every batch at once and remembers its values."""

    def __init__(self) -> None:
        self.values: list[bytes] = []
        self.batches: list[RecordBatch] = []

    async def __call__(self, batch: RecordBatch, acknowledge: Callable[[], Awaitable[object]]) -> None:
        self.values += [record.value or b"" for record in batch.records]
        self.batches.append(batch)
        batch.complete()
        await acknowledge()
