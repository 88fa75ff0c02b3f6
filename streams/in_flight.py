"""How much work is under way, and waiting for less of it."""

import asyncio
from collections import Counter
from typing import Protocol

from streams import metrics
from streams.driver.batch import Partition, RecordBatch

SHARES = 8
"""A partition with more than one of so many parts of the bound in work is held, lest the others wait for it."""


class Flow(Protocol):
    """What can stop reading single partitions."""

    async def hold(self, partition: Partition) -> None:
        """Read a partition no further."""

    async def release(self, partition: Partition) -> None:
        """Read a partition again."""


class InFlight:
    """Bounds the bytes of batches between the stream and the broker's acknowledgement.

    All partitions together are bounded by `max_bytes`. One that exceeds its share is held until half of that is left.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._share = max_bytes // SHARES
        self._flow: Flow | None = None
        self._bytes: Counter[Partition] = Counter()
        self._held: set[Partition] = set()
        self._batches = 0
        self._changed = asyncio.Condition()

    def steer(self, flow: Flow) -> None:
        """Hold and release partitions of this flow from now on."""
        self._flow = flow

    async def enter(self, batch: RecordBatch) -> None:
        """Count a batch in, as soon as there is room; one alone may be larger than the bound.

        One that is withdrawn needs no room: it leaves at once.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: batch.withdrawn or self._has_room_for(batch))
            self._batches += 1
            self._bytes[batch.source] += batch.size
            self._show()
        if self._bytes[batch.source] > self._share:
            await self._hold(batch.source)

    async def leave(self, batch: RecordBatch) -> None:
        """Count a batch out."""
        async with self._changed:
            self._batches -= 1
            self._bytes[batch.source] -= batch.size
            self._show()
            self._changed.notify_all()
        if batch.source in self._held and self._bytes[batch.source] <= self._share // 2:
            await self._release(batch.source)

    async def settled(self) -> None:
        """Wait until no batch is under way."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._batches)

    def _has_room_for(self, batch: RecordBatch) -> bool:
        return not self._batches or self._bytes.total() + batch.size <= self._max_bytes

    async def _hold(self, partition: Partition) -> None:
        """Hold a partition, again where a rebalance has set it going meanwhile."""
        if self._flow is not None:
            self._held.add(partition)
            metrics.PARTITIONS_HELD.set(len(self._held))
            await self._flow.hold(partition)

    async def _release(self, partition: Partition) -> None:
        if self._flow is not None:
            self._held.discard(partition)
            metrics.PARTITIONS_HELD.set(len(self._held))
            await self._flow.release(partition)

    def _show(self) -> None:
        metrics.IN_FLIGHT_BYTES.set(self._bytes.total())
