"""Which offset of each partition may be committed."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator

from streams.driver.batch import Partition, RecordBatch


class OffsetLedger:
    """Tracks batches from delivery to completion.

    Offsets that no record has (compacted away, or control records and aborted records of transactions) belong to the
    batch before or after them, so gaps need no book-keeping. Completions may come in any order; the committable offset
    only passes batches whose predecessors are complete, and within a batch what is safe. Batches are told apart by
    identity: one that was read before a rebalance never completes one that was read after it, even where their offsets
    overlap.
    """

    def __init__(self) -> None:
        self._delivered: dict[Partition, deque[RecordBatch]] = {}
        self._safe: dict[Partition, int] = {}

    def deliver(self, batch: RecordBatch) -> None:
        """Note that a batch was handed to the stream."""
        self._delivered.setdefault(batch.source, deque()).append(batch)

    def skip(self, partition: Partition, next_offset: int) -> None:
        """Note that no record stands between what was delivered last and this offset."""
        self._settle(partition)
        delivered = self._delivered.get(partition)
        if delivered:
            delivered[-1].next_offset = next_offset
        else:
            self._safe[partition] = next_offset

    def committable(self, partition: Partition) -> int | None:
        """Return the next offset to read after everything that is safe, None where nothing is yet."""
        self._settle(partition)
        return self._safe.get(partition)

    def unsafe(self, partitions: Collection[Partition]) -> dict[Partition, int]:
        """Return the first offset that is not safe, of those partitions of which something is under way."""
        for partition in partitions:
            self._settle(partition)
        return {each: self._delivered[each][0].safe_offset for each in partitions if self._delivered.get(each)}

    def pending(self, partition: Partition) -> int:
        """Return how many batches of a partition were delivered and hold its committable offset back."""
        self._settle(partition)
        return len(self._delivered.get(partition, ()))

    def partitions(self) -> Iterator[Partition]:
        """Return the partitions of which anything is known."""
        return iter({**self._delivered, **self._safe})

    def withdraw(self, partitions: Iterable[Partition]) -> None:
        """Tell batches under way that no more of them is wanted; what becomes safe of them still counts."""
        for partition in partitions:
            for batch in self._delivered.get(partition, ()):
                batch.withdrawn = True

    def forget(self, partitions: Iterable[Partition]) -> None:
        """Drop all that is known of partitions: they were revoked, or are read anew from another offset."""
        forgotten = tuple(partitions)
        self.withdraw(forgotten)
        for partition in forgotten:
            self._delivered.pop(partition, None)
            self._safe.pop(partition, None)

    def _settle(self, partition: Partition) -> None:
        """Move the committable offset past all that is safe at the partition's head."""
        delivered = self._delivered.get(partition)
        while delivered and delivered[0].completed:
            self._safe[partition] = delivered.popleft().next_offset
        if delivered and delivered[0].begun:
            self._safe[partition] = delivered[0].safe_offset
