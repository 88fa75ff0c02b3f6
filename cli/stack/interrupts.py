"""Ctrl-C and SIGTERM: the first asks for an orderly stop, a later one for an immediate one."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


_SAME_SECONDS = 0.5
"""Signals this close are one: `timeout` and service managers signal a process and then its group."""


class Interrupts:
    """Tells the signals that ask this process to stop; make it within the running loop."""

    def __init__(self) -> None:
        self.first = asyncio.Event()
        self.second = asyncio.Event()
        self._loop = loop = asyncio.get_running_loop()
        self._first_at = 0.0
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._count)

    def _count(self) -> None:
        if not self.first.is_set():
            self._first_at = self._loop.time()
            self.first.set()
        elif self._loop.time() - self._first_at > _SAME_SECONDS:
            self.second.set()


async def unless(interrupted: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do the work until it is done or the event is set, which cancels it; what the work raises is raised."""
    task = asyncio.create_task(work)
    waiting = asyncio.create_task(interrupted.wait())
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
    finally:
        task.cancel()
        waiting.cancel()
        await asyncio.wait({task, waiting})
