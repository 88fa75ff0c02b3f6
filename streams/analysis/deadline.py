"""A deadline that truly interrupts, also inside one regular expression."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final, NamedTuple

_AGAIN: Final = 0.02
_AT_ONCE: Final = 1e-6
_MAIN_THREAD: Final = threading.main_thread()


class DeadlineExceededError(BaseException):
    """The guarded block ran out of time.

    Not an `Exception`: parsers swallow those, and a swallowed deadline would never end the parse.
    """


class Deadline:
    """The time that a guarded block has, and how much of it the work at hand may take."""

    __slots__ = ("_armed", "_seconds", "_share", "_started")

    def __init__(self, seconds: float, share: float = 1.0) -> None:
        self._seconds = seconds
        self._share = share
        self._started = time.monotonic()
        self._armed = False

    def allow(self, share: float) -> None:
        """Ring when `share` (0 to 1, more than before) of the time is over: what comes after keeps the rest.

        Costs nothing: the timer set for the smaller share rings, and is set again for the rest.
        """
        self._share = share

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stop the clock: what happens in the block is not on the work's time."""
        if not self._armed:
            yield
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        stopped = time.monotonic()
        try:
            yield
        finally:
            self._started += time.monotonic() - stopped
            signal.setitimer(signal.ITIMER_REAL, max(self._left(), _AT_ONCE), _AGAIN)

    def arm(self) -> "_Others":
        """Ring from now on when the time is over; returns what rang before."""
        handler = signal.signal(signal.SIGALRM, self._ring)
        delay, interval = signal.setitimer(signal.ITIMER_REAL, max(self._left(), _AT_ONCE), _AGAIN)
        self._armed = True
        return _Others(handler, delay, interval, self._started)

    def silence(self) -> None:
        """Ring no more."""
        self._armed = False

    def _left(self) -> float:
        return self._started + self._share * self._seconds - time.monotonic()

    def _ring(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._armed:
            return
        left = self._left()
        if left <= 0:
            raise DeadlineExceededError
        signal.setitimer(signal.ITIMER_REAL, left, _AGAIN)


class _Others(NamedTuple):
    """The handler and timer that someone else had set when a block began."""

    handler: Any
    delay: float
    interval: float
    since: float

    def restore(self) -> None:
        """Set them again, the timer with the time it has left."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.handler)
        if self.delay:
            left = max(self.delay - (time.monotonic() - self.since), _AT_ONCE)
            signal.setitimer(signal.ITIMER_REAL, left, self.interval)


@contextmanager
def deadline(seconds: float, share: float = 1.0) -> Iterator[Deadline]:
    """Raise `DeadlineExceededError` in the block once it has run for `share` of `seconds` of wall-clock time.

    The interval timer's SIGALRM reaches Python code and `re` alike, since `re` polls for signals while it
    backtracks. It keeps ringing until the block ends: an exception that is raised inside a destructor or a
    collector's callback is lost, the next one is not. Signals exist in the main thread only: elsewhere the
    block runs **without a deadline**, so run the engine in its process's main thread. A handler and timer
    set by someone else are restored, the timer with the time it had left.
    """
    limit = Deadline(seconds, share)
    if threading.current_thread() is not _MAIN_THREAD:
        yield limit
        return
    others = limit.arm()
    try:
        try:
            yield limit
        finally:
            limit.silence()
    finally:
        others.restore()
