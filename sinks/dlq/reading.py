"""Reading the dead-letter topic."""

from collections.abc import Iterator
from datetime import datetime
from types import TracebackType
from typing import Self

from runtime.settings import KafkaSettings
from runtime.topic_reader import TopicReader
from schemas.topics import DEAD
from sinks.dlq.letter import Letter, Position

BEGINNING = Position(0, 0)


class LetterReader:
    """Reads letters in order of partition and offset, as a context manager; raises what `TopicReader` does."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._topic = TopicReader(settings, DEAD.named(settings.kafka_topic_prefix), client_id="netcopilot-dlq")

    def __enter__(self) -> Self:
        self._topic.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._topic.__exit__(kind, error, trace)

    def letters(self, start: Position = BEGINNING, *, since: datetime | None = None) -> Iterator[Letter]:
        """Return the letters from the start on; of those older than `since`, none that the broker can pass over."""
        partitions = self._topic.partitions()
        firsts = self._topic.offsets_since(since) if since is not None else dict.fromkeys(partitions, 0)
        for partition in partitions:
            if partition >= start.partition:
                first = start.offset if partition == start.partition else 0
                yield from self._partition(partition, max(first, firsts[partition]))

    def letter(self, position: Position) -> Letter | None:
        """Return the letter at a position, None where there is none."""
        if position.partition not in self._topic.partitions():
            return None
        found = next(self._partition(position.partition, position.offset), None)
        return found if found is not None and found.position == position else None

    def _partition(self, number: int, first: int) -> Iterator[Letter]:
        for messages in self._topic.read({number: first}):
            yield from map(Letter.of, messages)
