"""Offsets that no record has: aborted, compacted, deleted or of another topic. None stalls the commit or the lag."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from streams import metrics
from streams.app import StreamApp
from streams.lag import LagWatch
from tests.services.committing import commit_offsets
from tests.services.topics import TopicFactory
from tests.streams.driver.apps import Collector, committed, end_of, make_app, numbers, produce, until

pytestmark = pytest.mark.usefixtures("only_apache_kafka")

COMPACTED_AT_ONCE = {
    "cleanup.policy": "compact",
    "min.cleanable.dirty.ratio": "0.001",
    "segment.ms": "100",
    "max.compaction.lag.ms": "1",
}


@contextmanager
def transaction(kafka: str, topic: str, *, commits: bool) -> Iterator[Producer]:
    producer = Producer({"bootstrap.servers": kafka, "transactional.id": f"{topic}-{commits}"})
    producer.init_transactions(30)
    producer.begin_transaction()
    yield producer
    if commits:
        producer.commit_transaction(30)
    else:
        producer.flush(30)
        producer.abort_transaction(30)


def commit_offset(kafka: str, topic: str, offset: int) -> None:
    commit_offsets(kafka, topic, [TopicPartition(topic, 0, offset)])


async def nothing_waits(app: StreamApp) -> None:
    """Wait until the worker's own watch says that nothing waits; a stall would be noticed where it never does."""
    watch = LagWatch(app)
    async with asyncio.timeout(40):
        while True:
            standings = await watch.look()
            if standings is not None and not any(each.waiting for each in standings):
                return
            await asyncio.sleep(0.05)


async def test_what_was_aborted_is_not_read_and_what_is_open_does_not_wait(
    kafka: str, topic_factory: TopicFactory
) -> None:
    topic = topic_factory("driver")
    with transaction(kafka, topic, commits=True) as producer:
        producer.produce(topic, b"kept", partition=0)
    with transaction(kafka, topic, commits=False) as producer:
        producer.produce(topic, b"aborted", partition=0)
    collector = Collector()
    app = make_app(kafka, topic, topic, collector)
    await app.start()
    try:
        await until(lambda: committed(kafka, topic, topic) == end_of(kafka, topic))
        await nothing_waits(app)
        with transaction(kafka, topic, commits=True) as producer:
            producer.produce(topic, b"open", partition=0)
            producer.flush(30)
            await nothing_waits(app)
            assert collector.values == [b"kept"]
        await until(lambda: collector.values == [b"kept", b"open"])
        await until(lambda: committed(kafka, topic, topic) == end_of(kafka, topic))
        await nothing_waits(app)
    finally:
        await app.stop()


async def test_a_compacted_topic_is_read_to_its_end(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("driver", config=COMPACTED_AT_ONCE)
    producer = Producer({"bootstrap.servers": kafka, "linger.ms": 0})
    for number in range(300):
        producer.produce(topic, str(number).encode(), key=str(number % 3).encode(), partition=0)
        if number % 100 == 99:
            producer.flush(30)
            await asyncio.sleep(0.2)  # older than segment.ms: the next record closes the segment
    producer.produce(topic, b"last", key=b"last", partition=0)
    producer.flush(30)
    await asyncio.to_thread(wait_until_compacted, kafka, topic, 300)

    collector = Collector()
    app = make_app(kafka, topic, topic, collector)
    await app.start()
    try:
        await until(lambda: committed(kafka, topic, topic) == 301)
        await nothing_waits(app)
    finally:
        await app.stop()
    assert collector.values[-1] == b"last"
    assert len(collector.values) < 300


def wait_until_compacted(kafka: str, topic: str, records: int) -> None:
    consumer = Consumer({"bootstrap.servers": kafka, "group.id": "nobody", "enable.partition.eof": True})
    try:
        while True:
            consumer.assign([TopicPartition(topic, 0, 0)])
            read = 0
            while (message := consumer.poll(30)) is not None and message.error() is None:
                read += 1
            if read < records:
                return
    finally:
        consumer.close()


@pytest.mark.parametrize(("first_kept", "read"), [(50, 50), (100, 0)])
async def test_what_retention_deleted_is_told_and_passed_over(
    kafka: str, topic_factory: TopicFactory, first_kept: int, read: int
) -> None:
    topic = topic_factory("driver")
    produce(kafka, topic, numbers(100))
    commit_offset(kafka, topic, 5)
    admin = AdminClient({"bootstrap.servers": kafka})
    for deletion in admin.delete_records([TopicPartition(topic, 0, first_kept)]).values():
        deletion.result(30)
    before = metrics.EVENTS_EXPIRED._value.get()
    collector = Collector()
    app = make_app(kafka, topic, topic, collector)
    await app.start()
    try:
        await until(lambda: committed(kafka, topic, topic) == 100)
        await nothing_waits(app)
    finally:
        await app.stop()
    assert collector.values == numbers(read, first_kept)
    assert metrics.EVENTS_EXPIRED._value.get() - before == first_kept - 5


async def test_a_topic_that_ends_before_the_committed_offset_is_read_from_its_beginning(
    kafka: str, topic_factory: TopicFactory
) -> None:
    """As after the topic was made anew: Faust alone drops everything up to the old offset, and commits nothing."""
    topic = topic_factory("driver")
    produce(kafka, topic, numbers(10))
    commit_offset(kafka, topic, 1000)
    collector = Collector()
    app = make_app(kafka, topic, topic, collector)
    await app.start()
    try:
        await until(lambda: collector.values == numbers(10))
        await until(lambda: committed(kafka, topic, topic) == 10)
        produce(kafka, topic, numbers(5, 10))
        await until(lambda: committed(kafka, topic, topic) == 15)
        await nothing_waits(app)
    finally:
        await app.stop()
    assert collector.values == numbers(15)
