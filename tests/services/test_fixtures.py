import clickhouse_connect
import pytest
import redis
from confluent_kafka import Consumer, Producer

from tests.services.topics import TopicFactory


def test_a_message_goes_through_the_broker(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("echo", partitions=2, config={"retention.ms": "60000"})
    producer = Producer({"bootstrap.servers": kafka})
    producer.produce(topic, b"hello", b"key")
    assert producer.flush(20) == 0

    consumer = Consumer({"bootstrap.servers": kafka, "group.id": topic, "auto.offset.reset": "earliest"})
    try:
        assert set(consumer.list_topics(topic, timeout=10).topics[topic].partitions) == {0, 1}
        consumer.subscribe([topic])
        message = consumer.poll(60)
        assert message is not None
        assert (message.key(), message.value()) == (b"key", b"hello")
    finally:
        consumer.close()


def test_each_topic_has_a_name_of_its_own(topic_factory: TopicFactory) -> None:
    assert topic_factory("same") != topic_factory("same")


def test_tests_that_reach_the_broker_are_marked(request: pytest.FixtureRequest, kafka: str) -> None:
    assert request.node.get_closest_marker("kafka") is not None


def test_redis_databases_are_empty_and_apart(redis_url: str, redis_database: str) -> None:
    with redis.Redis.from_url(redis_database) as mine, redis.Redis.from_url(redis_url) as other:
        mine.set("key", "value")
        assert mine.dbsize() == 1
        assert other.get("key") is None


def test_a_clickhouse_database_takes_rows(clickhouse_url: str, clickhouse_database: str) -> None:
    client = clickhouse_connect.get_client(dsn=clickhouse_url, database=clickhouse_database)
    try:
        client.command("CREATE TABLE numbers (n UInt32) ENGINE = MergeTree ORDER BY n")
        client.insert("numbers", [[1], [2]], column_names=["n"])
        assert client.query("SELECT sum(n) FROM numbers").result_rows == [(3,)]
    finally:
        client.close()
