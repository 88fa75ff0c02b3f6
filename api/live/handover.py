"""From the reader's thread to the event loop, no faster than the loop takes it."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Final

_LOOK_SECONDS: Final = 1.0
_LONGEST_REST_SECONDS: Final = 0.1


class Handover:
    """Runs actions on the event loop, one after the other, until `stopping` is set.

    `on_waiting` is called while an action takes long.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, stopping: threading.Event, *, on_waiting: Callable[[], None]
    ) -> None:
        self._loop = loop
        self._stopping = stopping
        self._on_waiting = on_waiting

    def run(self, action: Callable[[], None]) -> None:
        """Run the action and wait for it, so that a busy loop slows the thread down."""
        done = threading.Event()

        def act() -> None:
            try:
                action()
            finally:
                done.set()

        self._loop.call_soon_threadsafe(act)
        while not done.wait(_LOOK_SECONDS) and not self._stopping.is_set():
            self._on_waiting()

    def run_and_rest(self, action: Callable[[], None]) -> None:
        """Run the action, wait until all that it woke has run, and leave the loop as long again for other work.

        The more streams an action wakes, the rarer it gets, and the more events it brings each of them at once.
        """
        begun = time.monotonic()
        self.run(action)
        self.run(_nothing)  # comes after what the action woke
        self._stopping.wait(min(time.monotonic() - begun, _LONGEST_REST_SECONDS))


def _nothing() -> None:
    return
