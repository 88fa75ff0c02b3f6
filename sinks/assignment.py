"""The partitions that the group gave this sink: where each is read from, and what of it waits to be written."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, TopicPartition

from sinks import metrics
from sinks.block import Block, Place
from sinks.buffer import BlockLimits, PartitionBuffer
from sinks.placement import Start
from sinks.turns import Turns

_BEHIND = 1_000
"""A partition with so many messages to read is behind."""
_REUNION_SECONDS = 30.0
"""How long partitions that replay a claim wait for each other: one may have no leader for hours."""


class Assignment:
    """Buffers by partition. All methods are for the thread that consumes.

    A partition is `pending` from the moment it is given until `place` tells where it begins; so long nothing of it is
    read.
    """

    def __init__(
        self,
        consumer: Consumer,
        topic: str,
        limits: BlockLimits,
        turns: Turns,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._reunion_ends_at = clock()
        self._consumer = consumer
        self._topic = topic
        self._limits = limits
        self._buffers: dict[int, PartitionBuffer] = {}
        self._written: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        self._pending: set[int] = set()
        self._turns = turns
        self._paused: set[int] = set()
        """Of the partitions that are placed."""

    @property
    def pending(self) -> AbstractSet[int]:
        """The partitions whose start is not known yet."""
        return self._pending

    @property
    def written(self) -> Mapping[int, int]:
        """The offset up to which each partition that is read is in the tables."""
        return self._written

    @property
    def weight(self) -> int:
        """Bytes of memory that the buffered messages take."""
        return sum(buffer.weight for buffer in self._buffers.values())

    @property
    def size(self) -> int:
        """Bytes of the buffered messages' values."""
        return sum(buffer.size for buffer in self._buffers.values())

    def add(self, partitions: Iterable[int]) -> None:
        """Take partitions in that the group has just given."""
        places = [TopicPartition(self._topic, partition, OFFSET_BEGINNING) for partition in partitions]
        self._consumer.incremental_assign(places)
        self._consumer.pause(places)
        self._pending.update(place.partition for place in places)

    def remove(self, partitions: Collection[int]) -> None:
        """Forget partitions that go, and what was read of them: their next owner reads it again."""
        self._forget(partitions)
        self._pending.difference_update(partitions)

    def start_over(self, partition: int) -> None:
        """Forget what was read of a partition, and have it placed again."""
        if partition in self._buffers:
            self._forget([partition])
            self._consumer.pause(self._places([partition]))
            self._pending.add(partition)

    def place(self, topic_id: bytes, starts: Sequence[Start]) -> None:
        """Read pending partitions of a topic's incarnation from these starts on.

        Raises:
            KafkaException: the consumer cannot go there now; nothing has changed.

        """
        for start in starts:
            self._consumer.seek(TopicPartition(self._topic, start.partition, start.offset))
        for start in starts:
            self._written[start.partition] = start.offset
            self._buffers[start.partition] = PartitionBuffer(
                Place(topic_id, self._topic, start.partition), self._limits, start=start.offset, claimed=start.claimed
            )
        self._reunion_ends_at = self._clock() + _REUNION_SECONDS
        found = {start.partition for start in starts}
        self._pending -= found
        self._paused |= found
        self.note_ends({start.partition: start.end for start in starts})

    def take(self, messages: Iterable[Message]) -> None:
        """Buffer fetched messages; those of partitions that are not read are ignored."""
        received: dict[int, list[Message]] = {}
        for message in messages:
            received.setdefault(message.partition() or 0, []).append(message)
        for partition, found in received.items():
            if partition in self._buffers:
                self._buffers[partition].extend(found)

    def reached_end(self, partition: int) -> None:
        """Note that a partition holds no more for now."""
        self._turns.caught_up(partition)
        if partition in self._buffers:
            self._buffers[partition].reached_end()

    def topic_ended(self) -> None:
        """Note that no partition will hold more: what replays is complete as it is."""
        for buffer in self._buffers.values():
            buffer.reached_end()

    def note_ends(self, ends: Mapping[int, int]) -> None:
        """Note the offsets after the last messages, and with them which partitions are behind."""
        self._ends.update((partition, end) for partition, end in ends.items() if partition in self._buffers)
        left = ((partition, end - self._buffers[partition].next_offset) for partition, end in self._ends.items())
        self._turns.note({partition: messages for partition, messages in left if messages >= _BEHIND})

    def cut(self, *, drain: bool) -> list[Block]:
        """Take out full blocks; where one is due, or when draining, the next block of every partition.

        As long as partitions replay a claim nothing is cut before all of them have their block, and then those alone:
        they were one list, and are to be one again. One that cannot be read holds the others up for a while only.
        """
        if self._awaited():
            return []
        replaying = [buffer for buffer in self._buffers.values() if buffer.replays]
        reunited = bool(replaying) and all(buffer.is_complete for buffer in replaying)
        buffers = replaying if reunited else self._buffers.values()
        together = drain or any(buffer.is_due for buffer in buffers)
        cuts = [buffer.cut(drain=together) for buffer in buffers]
        return [block for block in cuts if block is not None]

    def wrote(self, block: Block) -> None:
        """Note that a block is in the tables."""
        partition = block.place.partition
        if partition in self._written and not block.cancelled.is_set():
            self._written[partition] = block.next_offset

    def steer(self, *, paused: bool) -> None:
        """Fetch of the partitions whose turn it is, while some replay of those alone, or while `paused` of none."""
        awaited = self._awaited()
        idle = self._buffers.keys() - awaited if awaited else self._turns.waiting()
        wanted = set(self._buffers) if paused else idle & self._buffers.keys()
        if stop := wanted - self._paused:
            self._consumer.pause(self._places(stop))
        if go := self._paused - wanted:
            self._consumer.resume(self._places(go))
        self._paused = wanted

    def _awaited(self) -> AbstractSet[int]:
        """Return the partitions whose replayed blocks the others wait for."""
        if self._clock() >= self._reunion_ends_at:
            return set()
        return {partition for partition, buffer in self._buffers.items() if buffer.replays and not buffer.is_complete}

    def _forget(self, partitions: Iterable[int]) -> None:
        for partition in partitions:
            self._buffers.pop(partition, None)
            self._ends.pop(partition, None)
            self._paused.discard(partition)
            self._turns.caught_up(partition)
            if self._written.pop(partition, None) is not None:
                metrics.LAG.remove(self._topic, partition)

    def _places(self, partitions: Iterable[int]) -> list[TopicPartition]:
        return [TopicPartition(self._topic, partition) for partition in partitions]
