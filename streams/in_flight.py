"""How much work is under way, and waiting for less of it."""

import asyncio

from streams import metrics


class InFlight:
    """Bounds the bytes of batches between the stream and the broker's acknowledgement."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._batches = 0
        self._changed = asyncio.Condition()

    async def enter(self, size: int) -> None:
        """Count a batch in, as soon as there is room; one alone may be larger than the bound."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._batches or self._bytes + size <= self._max_bytes)
            self._count(size, 1)

    async def leave(self, size: int) -> None:
        """Count a batch out."""
        async with self._changed:
            self._count(-size, -1)
            self._changed.notify_all()

    async def settled(self) -> None:
        """Wait until no batch is under way."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._batches)

    def _count(self, size: int, batches: int) -> None:
        self._bytes += size
        self._batches += batches
        metrics.IN_FLIGHT_BYTES.set(self._bytes)
