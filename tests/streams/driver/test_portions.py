"""Batches are bounded by bytes, however well a fetch was compressed."""

from confluent_kafka import Producer

from streams.driver.drain import Portions
from tests.services.topics import TopicFactory
from tests.streams.driver.apps import Collector, committed, make_app, until

PORTION, VALUE = 100_000, 30_000


async def test_a_fetch_that_unpacks_to_much_comes_in_portions(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("driver", partitions=2)
    values = [str(number).encode().ljust(VALUE) for number in range(200)]
    producer = Producer({"bootstrap.servers": kafka, "compression.type": "lz4", "linger.ms": 50})
    for partition in range(2):
        for value in values:
            producer.produce(topic, value, partition=partition)
    assert producer.flush(60) == 0

    collector = Collector()
    portions = Portions(partition_bytes=PORTION, total_bytes=PORTION + VALUE)
    app = make_app(kafka, topic, topic, collector, portions=portions)
    await app.start()
    try:
        await until(lambda: [committed(kafka, topic, topic, partition) for partition in range(2)] == [200, 200])
    finally:
        await app.stop()
    assert max(batch.size for batch in collector.batches) < PORTION + VALUE
    for partition in range(2):
        batches = [batch for batch in collector.batches if batch.source.partition == partition]
        assert [record.value for batch in batches for record in batch.records] == values


async def test_a_portion_has_so_many_records_at_most(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("driver")
    producer = Producer({"bootstrap.servers": kafka})
    for number in range(1000):
        producer.produce(topic, str(number).encode(), partition=0)
    assert producer.flush(60) == 0
    collector = Collector()
    app = make_app(kafka, topic, topic, collector, portions=Portions(partition_records=300))
    await app.start()
    try:
        await until(lambda: len(collector.values) == 1000)
    finally:
        await app.stop()
    assert max(len(batch.records) for batch in collector.batches) <= 300
