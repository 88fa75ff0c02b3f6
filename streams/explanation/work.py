"""The explainer's loop: as many requests as there is room for, commits as they finish."""

import asyncio

from confluent_kafka import Message

from runtime.health import Progress
from streams.explanation import metrics
from streams.explanation.breaker import Breaker
from streams.explanation.desk import Desk
from streams.explanation.intake import Intake


class Work:
    """Requests under way, `most` at a time; an error that nobody is to survive ends the loop and is raised."""

    def __init__(self, desk: Desk, intake: Intake, breaker: Breaker, *, most: int, progress: Progress) -> None:
        self._desk = desk
        self._intake = intake
        self._breaker = breaker
        self._most = most
        self._progress = progress
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None

    async def run(self, stop: asyncio.Event, *, drain_seconds: float) -> None:
        """Work until `stop` is set, then finish what can be finished in time; the rest is read again by another.

        Raises:
            ConfigurationError: a person must act.

        """
        while not stop.is_set() and self._failure is None:
            for message in await self._intake.fetch(self._room()):
                self._begin(message)
            await self._intake.commit()
            if not self._tasks or self._breaker.is_open():
                self._progress.idle()
        await self._drain(drain_seconds)
        await self._intake.commit()
        if self._failure is not None:
            raise self._failure

    def _room(self) -> int:
        """Return how many requests may be read: none while the model rests, they wait in the topic as well as here."""
        return 0 if self._breaker.is_open() else max(self._most - len(self._tasks), 0)

    def _begin(self, message: Message) -> None:
        task = asyncio.create_task(self._attend(message))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        metrics.IN_FLIGHT.set(len(self._tasks))

    async def _attend(self, message: Message) -> None:
        await self._desk.attend(message)
        self._intake.positions.finish(message.partition() or 0, message.offset() or 0)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._progress.advance()
        metrics.IN_FLIGHT.set(len(self._tasks))
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failure = self._failure or error

    async def _drain(self, seconds: float) -> None:
        under_way = set(self._tasks)
        if under_way and not self._breaker.is_open() and self._failure is None:
            await asyncio.wait(under_way, timeout=seconds)
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
