"""Committing a group's offsets from outside."""

import time
from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

_NOT_YET = {KafkaError.COORDINATOR_LOAD_IN_PROGRESS, KafkaError.COORDINATOR_NOT_AVAILABLE, KafkaError.NOT_COORDINATOR}
_PATIENCE = 60.0


def commit_offsets(bootstrap_servers: str, group: str, places: Sequence[TopicPartition]) -> None:
    """Commit as a group that has no member. A broker that nobody asked for a group before takes its time."""
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": group})
    deadline = time.monotonic() + _PATIENCE
    try:
        while not _commit(consumer, places, last_try=time.monotonic() > deadline):
            time.sleep(0.2)
    finally:
        consumer.close()


def _commit(consumer: Consumer, places: Sequence[TopicPartition], *, last_try: bool) -> bool:
    try:
        consumer.commit(offsets=list(places), asynchronous=False)
    except KafkaException as error:
        if last_try or error.args[0].code() not in _NOT_YET:
            raise
        return False
    return True
