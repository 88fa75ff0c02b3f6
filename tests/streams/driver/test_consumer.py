"""The driver on a real broker: what is read, acknowledged and committed, and what a rebalance does to it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from confluent_kafka import Producer

from streams.driver.batch import Partition, RecordBatch
from streams.driver.consumer import MicroBatchConsumer
from tests.services.topics import TopicFactory
from tests.streams.driver.apps import Collector, committed, end_of, make_app, numbers, produce, until


async def test_records_arrive_in_batches_in_order_and_their_end_is_committed(
    kafka: str, topic_factory: TopicFactory
) -> None:
    topic = topic_factory("driver")
    produce(kafka, topic, numbers(5000))
    collector = Collector()
    app = make_app(kafka, topic, topic, collector)
    await app.start()
    try:
        await until(lambda: len(collector.values) == 5000)
        await until(lambda: committed(kafka, topic, topic) == 5000)
        produce(kafka, topic, numbers(10, 5000))
        await until(lambda: committed(kafka, topic, topic) == 5010)
    finally:
        await app.stop()
    assert collector.values == numbers(5010)
    assert len(collector.batches) < 500


async def test_what_is_not_completed_is_not_committed_and_comes_again(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("driver")
    produce(kafka, topic, numbers(100))
    seen: list[bytes] = []

    async def leave_incomplete(batch: RecordBatch, acknowledge: Callable[[], Awaitable[object]]) -> None:
        seen.extend(record.value or b"" for record in batch.records)
        await acknowledge()

    app = make_app(kafka, topic, topic, leave_incomplete)
    await app.start()
    try:
        await until(lambda: len(seen) == 100)
        await app.consumer.commit()
    finally:
        await app.stop()
    assert committed(kafka, topic, topic) < 0

    collector = Collector()
    again = make_app(kafka, topic, topic, collector)
    await again.start()
    try:
        await until(lambda: collector.values == numbers(100))
    finally:
        await again.stop()


async def test_a_commit_does_not_pass_a_batch_in_flight(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("driver")
    acknowledgements: list[Callable[[], Awaitable[object]]] = []
    batches: list[RecordBatch] = []

    async def hold(batch: RecordBatch, acknowledge: Callable[[], Awaitable[object]]) -> None:
        batches.append(batch)
        acknowledgements.append(acknowledge)

    async def finish(index: int) -> None:
        batches[index].complete()
        await acknowledgements[index]()

    app = make_app(kafka, topic, topic, hold)
    await app.start()
    try:
        produce(kafka, topic, numbers(10))
        await until(lambda: len(batches) == 1)
        produce(kafka, topic, numbers(10, 10))
        await until(lambda: len(batches) == 2)
        first_end = batches[0].last_offset + 1
        await finish(1)
        await app.consumer.commit()
        assert committed(kafka, topic, topic) < 0
        await finish(0)
        await app.consumer.commit()
        assert committed(kafka, topic, topic) == 20 > first_end
    finally:
        await app.stop()


async def test_a_second_worker_takes_over_partitions_without_loss(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("driver", partitions=4)
    first, second = Collector(), Collector()
    one = make_app(kafka, topic, topic, first)
    await one.start()
    two = make_app(kafka, topic, topic, second)
    try:
        for partition in range(4):
            produce(kafka, topic, numbers(500, 1000 * partition), partition)
        await until(lambda: len(first.values) == 2000)
        await two.start()
        await until(lambda: len(two.consumer.assignment()) == 2 and len(one.consumer.assignment()) == 2)
        for partition in range(4):
            produce(kafka, topic, numbers(500, 1000 * partition + 500), partition)
        await until(lambda: set(first.values) | set(second.values) == set(numbers(4000)))
        await until(lambda: [committed(kafka, topic, topic, partition) for partition in range(4)] == [1000] * 4)
    finally:
        await two.stop()
        await one.stop()
    assert second.values
    assert sum(count - 1 for count in Counter(first.values + second.values).values()) == 0


async def test_a_rebalance_waits_for_what_is_in_flight_and_commits_it(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("driver", partitions=2)
    release = asyncio.Event()
    started = asyncio.Event()
    collector = Collector()

    async def slow(batch: RecordBatch, acknowledge: Callable[[], Awaitable[object]]) -> None:
        started.set()
        await release.wait()
        await collector(batch, acknowledge)

    one = make_app(kafka, topic, topic, slow)
    await one.start()
    consumer = one.consumer
    assert isinstance(consumer, MicroBatchConsumer)
    revoking = asyncio.Event()

    async def settle() -> None:
        revoking.set()
        await until(lambda: not collector.batches or collector.batches[-1].completed)
        release.set()
        await until(lambda: len(collector.values) == 50)

    consumer.before_revocation = settle
    other = Collector()
    two = make_app(kafka, topic, topic, other)
    try:
        produce(kafka, topic, numbers(50))
        await asyncio.wait_for(started.wait(), 40)
        start = asyncio.create_task(two.start())
        await asyncio.wait_for(revoking.wait(), 40)
        await start
        await until(lambda: committed(kafka, topic, topic) == 50)
    finally:
        await two.stop()
        await one.stop()
    assert other.values == []
    assert collector.values == numbers(50)


async def test_transaction_markers_leave_no_hole(kafka: str, topic_factory: TopicFactory) -> None:
    """A transaction's marker takes an offset that no record has, also the last one."""
    topic = topic_factory("driver")
    producer = Producer({"bootstrap.servers": kafka, "transactional.id": topic})
    producer.init_transactions(30)
    for number in range(3):
        producer.begin_transaction()
        producer.produce(topic, value=str(number).encode(), partition=0)
        producer.commit_transaction(30)
    collector = Collector()
    app = make_app(kafka, topic, topic, collector)
    await app.start()
    try:
        await until(lambda: collector.values == numbers(3))
        end = end_of(kafka, topic)
        assert end > collector.batches[-1].last_offset + 1
        await until(lambda: committed(kafka, topic, topic) == end)
    finally:
        await app.stop()


async def test_a_partition_that_is_held_is_read_no_further_while_others_are(
    kafka: str, topic_factory: TopicFactory
) -> None:
    topic = topic_factory("driver", partitions=2)
    collector = Collector()
    app = make_app(kafka, topic, topic, collector)
    await app.start()
    held, other = Partition(topic, 0), Partition(topic, 1)

    def read_from(partition: Partition) -> list[bytes]:
        return [r.value or b"" for batch in collector.batches if batch.source == partition for r in batch.records]

    try:
        produce(kafka, topic, numbers(10), 0)
        produce(kafka, topic, numbers(10), 1)
        await until(lambda: len(collector.values) == 20)
        await app.micro_batches.hold(held)
        produce(kafka, topic, numbers(1, 10), 0)  # a fetch that was under way may still bring this one
        for number in range(10, 20):
            if number == 12:
                produce(kafka, topic, numbers(9, 11), 0)
            produce(kafka, topic, numbers(1, number), 1)
            await until(lambda read=number + 1: len(read_from(other)) == read)  # type: ignore[misc]
        assert len(read_from(held)) <= 11
        await app.micro_batches.release(held)
        await until(lambda: len(read_from(held)) == 20)
        assert read_from(held) == read_from(other) == numbers(20)
    finally:
        await app.stop()
