"""One listener's bounded queue. Lives on the event loop."""

import asyncio
from collections import deque

from api import metrics
from api.live.event import LiveEvent
from api.live.notice import EndReason, StreamEndedError
from api.live.position import Position
from api.live.selection import Selection


class Subscription:
    """Holds what a live stream has yet to write; ends itself rather than hold more than `capacity` events."""

    def __init__(self, selection: Selection, *, capacity: int) -> None:
        self._selection = selection
        self._capacity = capacity
        self._waiting: deque[LiveEvent] = deque()
        self._changed = asyncio.Event()
        self._ended: EndReason | None = None
        self.begin_position: Position | None = None
        self._begun = asyncio.Event()

    def begin(self, position: Position) -> None:
        """Note the position that the first offered event follows; only the first call counts."""
        if self.begin_position is None:
            self.begin_position = position
            self._begun.set()

    async def beginning(self, *, patience: float) -> Position | None:
        """Return that position, None where the broker does not answer in time."""
        await _wait(self._begun, patience)
        return self.begin_position

    def offer(self, event: LiveEvent) -> None:
        """Queue an event that the selection admits."""
        if self._ended is not None or not self._selection.admits(event):
            return
        if len(self._waiting) >= self._capacity:
            metrics.LIVE_EVENTS_DROPPED.inc(len(self._waiting) + 1)
            self._waiting.clear()
            self.end(EndReason.TOO_SLOW)
            return
        self._waiting.append(event)
        self._changed.set()

    def end(self, reason: EndReason) -> None:
        """Let the stream end once what is queued has been taken."""
        if self._ended is None:
            self._ended = reason
            metrics.LIVE_STREAMS_ENDED.labels(reason).inc()
        self._changed.set()

    async def take(self, *, patience: float) -> list[LiveEvent]:
        """Return all that is queued, after at most `patience` seconds; an empty list where nothing came.

        Raises:
            StreamEndedError: nothing is queued and nothing will be.

        """
        if not self._waiting and self._ended is None:
            await _wait(self._changed, patience)
        taken = list(self._waiting)
        self._waiting.clear()
        self._changed.clear()
        if not taken and self._ended is not None:
            raise StreamEndedError(self._ended)
        return taken


async def _wait(event: asyncio.Event, patience: float) -> None:
    try:
        async with asyncio.timeout(patience):
            await event.wait()
    except TimeoutError:
        return
