"""How far the worker and the sink say they are."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaException, TopicPartition

from runtime.errors import TransientError
from runtime.settings import KafkaSettings
from sinks.verification.reading import open_consumer, partitions_of

_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Position:
    """In one partition: the first offset that is still kept, and the offset before which all is done (None: unsaid)."""

    partition: int
    first: int
    done: int | None

    @property
    def expired(self) -> int:
        """How many messages the broker deleted before they were done."""
        return max(self.first - self.done, 0) if self.done is not None else 0

    def covers(self, offset: int) -> bool:
        """Tell whether the message at an offset is said to be done."""
        return self.done is not None and offset < self.done


def committed_positions(settings: KafkaSettings, topic: str, group: str) -> dict[int, Position]:
    """Return how far a group committed, by partition.

    Raises:
        TransientError: the broker did not answer.
        ConfigurationError: there is no such topic.

    """
    with closing(open_consumer(settings, group)) as consumer:
        partitions = partitions_of(consumer, topic)
        try:
            answers = consumer.committed([TopicPartition(topic, number) for number in partitions], timeout=_TIMEOUT)
        except KafkaException as error:
            raise TransientError(f"the broker does not tell the offsets of {group}: {error}") from error
        done = {answer.partition: answer.offset for answer in answers if answer.offset >= 0}
        return _positions(consumer, topic, partitions, done)


def kept_positions(settings: KafkaSettings, topic: str, kept: dict[int, int]) -> dict[int, Position]:
    """Return the positions that ClickHouse keeps with the data, by partition.

    Raises:
        TransientError: the broker did not answer.
        ConfigurationError: there is no such topic.

    """
    with closing(open_consumer(settings)) as consumer:
        return _positions(consumer, topic, partitions_of(consumer, topic), kept)


def _positions(consumer: Consumer, topic: str, partitions: Sequence[int], done: dict[int, int]) -> dict[int, Position]:
    return {number: Position(number, _first(consumer, topic, number), done.get(number)) for number in partitions}


def _first(consumer: Consumer, topic: str, partition: int) -> int:
    try:
        limits = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=_TIMEOUT)
    except KafkaException as error:
        raise TransientError(f"the broker does not tell the limits of {topic}: {error}") from error
    if limits is None:
        raise TransientError(f"the broker does not tell the limits of {topic}, partition {partition}")
    return int(limits[0])
