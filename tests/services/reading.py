"""Reading a topic back."""

import uuid

from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, TopicPartition


def read_topic(bootstrap_servers: str, topic: str) -> list[Message]:
    """Return all messages of a topic, in order within each partition.

    Where a partition ends is taken from the fetches: what the embedded broker says of its ends lies a batch before.
    """
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": uuid.uuid4().hex,
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 50,
        }
    )
    partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
    messages: dict[int, list[Message]] = {number: [] for number in partitions}
    ended: set[int] = set()
    while len(ended) < len(partitions):
        for message in consumer.consume(500, 0.2):
            number = message.partition() or 0
            if message.error() is None:
                messages[number].append(message)
            else:
                ended.add(number)
    consumer.close()
    return [message for number in sorted(messages) for message in messages[number]]
