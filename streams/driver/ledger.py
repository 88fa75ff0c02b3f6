"""Which offset of each partition may be committed."""

from collections import deque
from collections.abc import Iterable, Iterator

from streams.driver.batch import Partition, RecordBatch


class OffsetLedger:
    """Tracks batches from delivery to completion.

    Offsets that no record has (compacted away, or control records of transactions) belong to the batch that follows
    them, so gaps need no book-keeping. Completions may come in any order; the committable offset only passes batches
    whose predecessors are complete. Batches are told apart by identity: one that was read before a rebalance never
    completes one that was read after it, even where their offsets overlap.
    """

    def __init__(self) -> None:
        self._delivered: dict[Partition, deque[RecordBatch]] = {}
        self._safe: dict[Partition, int] = {}

    def deliver(self, batch: RecordBatch) -> None:
        """Note that a batch was handed to the stream."""
        self._delivered.setdefault(batch.source, deque()).append(batch)

    def settle(self, partition: Partition) -> None:
        """Move the committable offset past all complete batches at the partition's head."""
        delivered = self._delivered.get(partition)
        while delivered and delivered[0].completed:
            self._safe[partition] = delivered.popleft().last_offset + 1

    def committable(self, partition: Partition) -> int | None:
        """Return the next offset to read after everything that is complete, None where nothing is yet."""
        return self._safe.get(partition)

    def pending(self) -> int:
        """Return how many batches were delivered and hold the committable offsets back."""
        return sum(len(batches) for batches in self._delivered.values())

    def partitions(self) -> Iterator[Partition]:
        """Return the partitions that have something to commit."""
        return iter(tuple(self._safe))

    def forget(self, partitions: Iterable[Partition]) -> None:
        """Drop all that is known of partitions: they were revoked, or are read anew from their committed offset."""
        for partition in partitions:
            self._delivered.pop(partition, None)
            self._safe.pop(partition, None)
