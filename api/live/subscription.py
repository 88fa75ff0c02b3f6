"""One listener's bounded queue. Lives on the event loop."""

import asyncio

from api import metrics
from api.live.alarm import Alarm
from api.live.notice import EndReason, StreamEndedError
from api.live.portion import Portion
from api.live.position import Position


class Subscription:
    """Holds what a live stream has yet to write; ends itself rather than hold more than `capacity` events."""

    def __init__(self, *, capacity: int) -> None:
        self._capacity = capacity
        self._waiting: list[Portion] = []
        self._events = 0
        self._news: asyncio.Future[None] | None = None
        """What the stream waits on, while it waits."""
        self._alarm = Alarm(self._wake)
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

    def offer(self, portion: Portion) -> None:
        """Queue events."""
        if self._ended is not None:
            return
        self._events += portion.events
        if self._events > self._capacity:
            metrics.LIVE_EVENTS_DROPPED.inc(self._events)
            self._waiting = []
            self.end(EndReason.TOO_SLOW)
            return
        self._waiting.append(portion)
        self._wake()

    def end(self, reason: EndReason) -> None:
        """Let the stream end once what is queued has been taken."""
        if self._ended is None:
            self._ended = reason
            metrics.LIVE_STREAMS_ENDED.labels(reason).inc()
        self._wake()

    async def take(self, *, patience: float) -> list[Portion]:
        """Return all that is queued, after at most `patience` seconds; an empty list where nothing came.

        Raises:
            StreamEndedError: nothing is queued and nothing will be.

        """
        if not self._waiting and self._ended is None:
            await self._wait(patience)
        taken, self._waiting, self._events = self._waiting, [], 0
        if not taken and self._ended is not None:
            raise StreamEndedError(self._ended)
        return taken

    async def _wait(self, patience: float) -> None:
        self._news = asyncio.get_running_loop().create_future()
        self._alarm.set(patience)
        await self._news
        self._alarm.unset()

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


async def _wait(event: asyncio.Event, patience: float) -> None:
    try:
        async with asyncio.timeout(patience):
            await event.wait()
    except TimeoutError:
        return
