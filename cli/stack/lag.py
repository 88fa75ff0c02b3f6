"""How far a consumer group is behind, as its committed offsets tell."""

import time
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaException, TopicPartition

from cli.stack.librdkafka import observer
from runtime.errors import TransientError

_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Consumption:
    """A consumer group and a topic that it reads to the end."""

    group: str
    topic: str

    def lag(self, bootstrap_servers: str) -> int:
        """Return the number of records that the group has not committed yet.

        Raises:
            TransientError: the broker does not answer.

        """
        consumer = observer(bootstrap_servers, self.group)
        try:
            metadata = consumer.list_topics(self.topic, timeout=_PATIENCE).topics[self.topic]
            partitions = [TopicPartition(self.topic, number) for number in metadata.partitions]
            listed = {at.partition: consumer.get_watermark_offsets(at, timeout=_PATIENCE) for at in partitions}
            ends = _real_ends(consumer, self.topic, {number: high for number, (_, high) in listed.items()})
            committed = consumer.committed(partitions, timeout=_PATIENCE)
            return sum(ends[at.partition] - max(listed[at.partition][0], at.offset) for at in committed)
        except KafkaException as error:
            raise TransientError(f"the lag of {self.group} is unknown: {error}") from error
        finally:
            consumer.close()


def _real_ends(consumer: Consumer, topic: str, listed: dict[int, int]) -> dict[int, int]:
    """Return each partition's end offset, as reading up to it tells.

    The embedded broker lists the last batch's first offset + 1 as the end; only its fetches know better.
    """
    consumer.assign([TopicPartition(topic, number, offset) for number, offset in listed.items()])
    ends: dict[int, int] = {}
    deadline = time.monotonic() + _PATIENCE
    while len(ends) < len(listed):
        if time.monotonic() > deadline:
            raise TransientError(f"the end of {topic} is unknown")
        message = consumer.poll(0.1)
        error = message.error() if message is not None else None
        if message is None or error is None:
            continue
        if error.name() != "_PARTITION_EOF":
            raise KafkaException(error)
        ends[_known(message.partition())] = _known(message.offset())
    return ends


def _known(number: int | None) -> int:
    if number is None:
        raise TransientError("the broker told an end without saying where")
    return number
