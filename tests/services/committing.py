"""Committing a group's offsets from outside."""

from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from tests.services.waiting import until

_NOT_YET = {KafkaError.COORDINATOR_LOAD_IN_PROGRESS, KafkaError.COORDINATOR_NOT_AVAILABLE, KafkaError.NOT_COORDINATOR}


def commit_offsets(bootstrap_servers: str, group: str, places: Sequence[TopicPartition]) -> None:
    """Commit as a group that has no member. A broker that nobody asked for a group before takes its time."""
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": group})
    try:
        until(lambda: _commit(consumer, places), within=60)
    finally:
        consumer.close()


def _commit(consumer: Consumer, places: Sequence[TopicPartition]) -> bool:
    try:
        consumer.commit(offsets=list(places), asynchronous=False)
    except KafkaException as error:
        if error.args[0].code() not in _NOT_YET:
            raise
        return False
    return True
