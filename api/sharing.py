"""One answer for all who ask the same at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable

from api.metrics import QUERIES_SHARED

Ask = Callable[[], Awaitable[bytes]]


class Sharing:
    """Asks once for everyone who wants the same answer while it is awaited, and for `seconds` from then on.

    Of a failure only those learn who wait for it. Lives on the event loop.
    """

    def __init__(self, seconds: float, *, most_bytes: int) -> None:
        """Keep answers of at most `most_bytes` together; beyond that they are shared while they are awaited only."""
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._bytes = 0
        self._answers: dict[Hashable, asyncio.Task[bytes]] = {}

    async def answer(self, question: Hashable, ask: Ask) -> bytes:
        """Return the question's answer; raises as `ask` does."""
        answering = self._answers.get(question)
        if answering is None:
            answering = asyncio.ensure_future(ask())
            self._answers[question] = answering
            answering.add_done_callback(lambda done: self._arrived(question, done))
        else:
            QUERIES_SHARED.inc()
        return await asyncio.shield(answering)

    def _arrived(self, question: Hashable, answering: asyncio.Task[bytes]) -> None:
        failed = answering.cancelled() or answering.exception() is not None
        size = 0 if failed else len(answering.result())
        if failed or not self._seconds or self._bytes + size > self._most_bytes:
            del self._answers[question]
            return
        self._bytes += size
        asyncio.get_running_loop().call_later(self._seconds, self._forget, question, size)

    def _forget(self, question: Hashable, size: int) -> None:
        del self._answers[question]
        self._bytes -= size
