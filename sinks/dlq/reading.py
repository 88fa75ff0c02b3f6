"""Reading the dead-letter topic without being anyone's consumer: no group is joined, no offset is kept."""

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Message, TopicPartition

from runtime.errors import ConfigurationError, TransientError
from runtime.kafka import consumer_config
from runtime.settings import KafkaSettings
from schemas.topics import DEAD
from sinks.dlq.letter import Letter, Position
from sinks.kafka import END_OF_PARTITION, refuse_configuration_fault

BEGINNING = Position(0, 0)
_PATIENCE = 30.0
_FETCH_SECONDS = 0.2
_FETCH_MESSAGES = 500


class LetterReader:
    """Reads letters in order of partition and offset, as a context manager.

    Where a partition ends is what its fetches tell: the embedded broker's answer to the plain question lies a batch
    before. A partition that grows meanwhile is read to where it then ends.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self._servers = settings.kafka_bootstrap_servers
        self._topic = DEAD.named(settings.kafka_topic_prefix)
        self._consumer = Consumer(
            consumer_config(settings, client_id="netcopilot-dlq")
            | {
                "group.id": "netcopilot-dlq",  # asked for by librdkafka, never joined
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "earliest",
                "enable.partition.eof": True,
                "error_cb": refuse_configuration_fault,
            }
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close()

    def letters(self, start: Position = BEGINNING) -> Iterator[Letter]:
        """Return every letter from the start on.

        Raises:
            ConfigurationError: there is no such topic, or the broker lets nobody in.
            TransientError: the broker does not answer.

        """
        for partition in self._partitions():
            if partition >= start.partition:
                yield from self._partition(partition, start.offset if partition == start.partition else 0)

    def letter(self, position: Position) -> Letter | None:
        """Return the letter at a position, None where there is none; raises what letters() does."""
        if position.partition not in self._partitions():
            return None
        found = next(self._partition(position.partition, position.offset), None)
        return found if found is not None and found.position == position else None

    def _partitions(self) -> list[int]:
        try:
            known = self._consumer.list_topics(timeout=10).topics
        except KafkaException as error:
            raise TransientError(self._silence) from error
        if self._topic not in known:
            raise ConfigurationError(f"no topic {self._topic}; create the topics with `netcopilot topics create`")
        return sorted(known[self._topic].partitions)

    def _partition(self, number: int, first: int) -> Iterator[Letter]:
        start = self._within(TopicPartition(self._topic, number), first)
        self._consumer.assign([TopicPartition(self._topic, number, start)])
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            for message in self._consumer.consume(_FETCH_MESSAGES, _FETCH_SECONDS):
                if _is_end(message):
                    return
                letter = Letter.of(message)
                if letter.position.offset >= first:
                    yield letter
                deadline = time.monotonic() + _PATIENCE
        raise TransientError(self._silence)

    def _within(self, place: TopicPartition, first: int) -> int:
        """Return where to fetch from: behind the end the embedded broker would say nothing, and others start over."""
        if not first:
            return OFFSET_BEGINNING
        try:
            _, end = self._consumer.get_watermark_offsets(place, timeout=10)
        except KafkaException as error:
            raise TransientError(self._silence) from error
        return min(first, end)

    @property
    def _silence(self) -> str:
        return f"no broker answers at {self._servers}; start it, or set NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS"


def _is_end(message: Message) -> bool:
    """Tell whether a message is the notice that its partition ends.

    Raises:
        TransientError: it is the notice of a failure.

    """
    error = message.error()
    if error is None:
        return False
    if error.code() == END_OF_PARTITION:
        return True
    raise TransientError(f"the broker refuses to be read: {error.str()}")
