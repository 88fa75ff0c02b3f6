"""What one partition has received and not yet written, cut into blocks that come out the same after a crash."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from confluent_kafka import Message

from sinks.block import Block, Place, offset_of

_MESSAGE_WEIGHT = 1024
"""Bytes that a fetched message takes beside its value, in confluent-kafka (2.16) and librdkafka: object, key, headers.
Measured: 700 to 850, with the headers of an event.
"""


@dataclass(frozen=True, slots=True)
class BlockLimits:
    """When a block is full or due."""

    rows: int
    size: int
    """Bytes of message values."""
    age: float
    """Seconds since the first message was received."""


class PartitionBuffer:
    """Messages of a partition in their order.

    `start` is the first offset to take; what lies before it, or before what was taken already, is ignored. `claimed` is
    the end of a block that somebody, maybe a former self, announced and may have written in part. That block is cut
    exactly there again, so that its token is the same; age does not cut it.
    """

    def __init__(
        self,
        place: Place,
        limits: BlockLimits,
        *,
        start: int = 0,
        claimed: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._place = place
        self._limits = limits
        self._next = start
        self._claimed = claimed
        self._clock = clock
        self._messages: deque[Message] = deque()
        self._arrivals: deque[tuple[int, float]] = deque()
        """For the messages that came together: the offset after the last of them, and when they came."""
        self.size = 0
        """Bytes of the values held."""

    def __len__(self) -> int:
        """Return the number of messages held."""
        return len(self._messages)

    @property
    def next_offset(self) -> int:
        """The next offset to take."""
        return self._next

    @property
    def weight(self) -> int:
        """Bytes of memory that the messages held take."""
        return _weight(len(self._messages), self.size)

    @property
    def replays(self) -> bool:
        """Whether the next block ends at a former claim."""
        return self._first < self._claimed

    @property
    def is_complete(self) -> bool:
        """Whether no more messages could join the next block."""
        return bool(self._messages) and self._measure()[1]

    @property
    def is_due(self) -> bool:
        """Whether the first message has waited for as long as it may, for a block that ends at no claim."""
        if not self._messages or self.replays:
            return False
        return self._clock() - self._arrivals[0][1] >= self._limits.age

    @property
    def _first(self) -> int:
        """The first offset of the next block."""
        return offset_of(self._messages[0]) if self._messages else self._next

    def extend(self, messages: Sequence[Message]) -> None:
        """Append messages that follow those held."""
        if offset_of(messages[0]) < self._next:
            messages = [message for message in messages if offset_of(message) >= self._next]
        if not messages:
            return
        self._next = offset_of(messages[-1]) + 1
        self._messages.extend(messages)
        self._arrivals.append((self._next, self._clock()))
        self.size += sum(map(len, messages))

    def reached_end(self) -> None:
        """Note that the partition holds no more for now: a claim beyond its end was made on another topic's life."""
        if self._next < self._claimed:
            self._claimed = 0

    def cut(self, *, drain: bool = False) -> Block | None:
        """Take the next block out, if one is full or due; when draining, whatever may be written."""
        if not self._messages:
            return None
        rows, complete = self._measure()
        if not complete and (self.replays or not (drain or self.is_due)):
            return None
        return self._take(rows)

    def _measure(self) -> tuple[int, bool]:
        """Return how many messages the next block has and whether more could not join it."""
        if not self.replays and self.size < self._limits.size:
            rows = min(len(self._messages), self._limits.rows)
            return rows, rows == self._limits.rows
        return self._count()

    def _count(self) -> tuple[int, bool]:
        """Measure by looking at each message."""
        size = 0
        end = self._claimed if self.replays else None
        for rows, message in enumerate(self._messages):
            if end is not None and offset_of(message) >= end:
                return rows, True
            size += len(message)
            if rows + 1 >= self._limits.rows or size >= self._limits.size:
                return rows + 1, True
        complete = end is not None and offset_of(self._messages[-1]) + 1 >= end
        return len(self._messages), complete

    def _take(self, rows: int) -> Block:
        since = self._arrivals[0][1]
        messages = [self._messages.popleft() for _ in range(rows)]
        while self._arrivals and self._arrivals[0][0] <= offset_of(messages[-1]) + 1:
            self._arrivals.popleft()
        size = sum(map(len, messages))
        self.size -= size
        return Block(self._place, messages, since, _weight(rows, size))


def _weight(rows: int, size: int) -> int:
    return size + rows * _MESSAGE_WEIGHT
