"""Several line processes behind one bounded queue."""

import asyncio

from runtime.errors import TransientError
from runtime.line_process import LineProcess, LineProgram


class PoolFullError(TransientError):
    """As many questions wait as may: ask again later."""


class LinePool:
    """Asks whichever of `size` processes is idle; at most `max_waiting` questions (None: any number) wait for one.

    The process used last is asked first, so that only as many are started as are needed at a time.
    """

    def __init__(self, program: LineProgram, *, size: int, max_waiting: int | None = None) -> None:
        self._processes = tuple(LineProcess(program) for _ in range(size))
        self._idle: asyncio.LifoQueue[LineProcess] = asyncio.LifoQueue()
        for process in self._processes:
            self._idle.put_nowait(process)
        self._name = program.name
        self._max_waiting = max_waiting
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """Questions that wait for a process."""
        return self._waiting

    async def ask(self, line: bytes, timeout: float) -> bytes:  # noqa: ASYNC109 - LineProcess.ask's
        """Return the answer to a line; `timeout` counts from when a process is asked.

        Raises:
            PoolFullError: too many questions wait already; no process was asked.
            LineTooLongError, AnswerTimeoutError, NoAnswerError: as LineProcess.ask().

        """
        process = await self._next_idle()
        try:
            return await process.ask(line, timeout)
        finally:
            self._idle.put_nowait(process)

    async def close(self) -> None:
        """End all processes."""
        await asyncio.gather(*(process.close() for process in self._processes))

    async def _next_idle(self) -> LineProcess:
        full = self._max_waiting is not None and self._waiting >= self._max_waiting
        if full and self._idle.empty():
            raise PoolFullError(f"{self._waiting} questions wait for {len(self._processes)} {self._name} processes")
        self._waiting += 1
        try:
            return await self._idle.get()
        finally:
            self._waiting -= 1
