"""How far the worker and the sink say they are."""

from dataclasses import dataclass

from runtime.settings import KafkaSettings
from runtime.topic_reader import TopicReader

CLIENT_ID = "netcopilot-verify"


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
    with TopicReader(settings, topic, client_id=CLIENT_ID, group=group) as reader:
        return _positions(reader, reader.committed())


def kept_positions(settings: KafkaSettings, topic: str, kept: dict[int, int]) -> dict[int, Position]:
    """Return the positions that ClickHouse keeps with the data, by partition.

    Raises:
        TransientError: the broker did not answer.
        ConfigurationError: there is no such topic.

    """
    with TopicReader(settings, topic, client_id=CLIENT_ID) as reader:
        return _positions(reader, kept)


def _positions(reader: TopicReader, done: dict[int, int]) -> dict[int, Position]:
    return {number: Position(number, reader.limits(number).first, done.get(number)) for number in reader.partitions()}
