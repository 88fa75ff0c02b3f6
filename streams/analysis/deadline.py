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

    __slots__ = ("_seconds", "_share", "_started")

    def __init__(self, seconds: float, share: float = 1.0) -> None:
        self._seconds = seconds
        self._share = share
        self._started = time.monotonic()

    def allow(self, share: float) -> None:
        """Ring when `share` (0 to 1, more than before) of the time is over: what comes after keeps the rest.

        Costs nothing: the timer set for the smaller share rings, and is set again for the rest.
        """
        self._share = share

    @property
    def left(self) -> float:
        """Seconds until it rings."""
        return self._started + self._share * self._seconds - time.monotonic()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stop the clock: what happens in the block is not on the work's time."""
        if _ALARM.limit is not self:
            yield
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        stopped = time.monotonic()
        try:
            yield
        finally:
            self._started += time.monotonic() - stopped
            signal.setitimer(signal.ITIMER_REAL, max(self.left, _AT_ONCE), _AGAIN)


class _Alarm:
    """The handler of SIGALRM. Once set it stays, unless another program's was there: setting one takes long."""

    def __init__(self) -> None:
        self.limit: Deadline | None = None

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        if self.limit is None:
            return
        left = self.limit.left
        if left <= 0:
            raise DeadlineExceededError
        signal.setitimer(signal.ITIMER_REAL, left, _AGAIN)


_ALARM: Final = _Alarm()


class _Others(NamedTuple):
    """The handler, limit and timer that were set when a block began."""

    handler: Any
    limit: Deadline | None
    delay: float
    interval: float
    since: float

    def restore(self) -> None:
        """Set them again, the timer with the time it has left."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        _ALARM.limit = self.limit
        if self.handler is not _ALARM and self.handler is not signal.SIG_DFL:
            signal.signal(signal.SIGALRM, self.handler)
        if self.delay:
            left = max(self.delay - (time.monotonic() - self.since), _AT_ONCE)
            signal.setitimer(signal.ITIMER_REAL, left, self.interval)


def _arm(limit: Deadline) -> _Others:
    """Ring when `limit` is over."""
    handler, outer, since = signal.getsignal(signal.SIGALRM), _ALARM.limit, time.monotonic()
    if handler is not _ALARM:
        signal.signal(signal.SIGALRM, _ALARM)
    delay, interval = signal.setitimer(signal.ITIMER_REAL, max(limit.left, _AT_ONCE), _AGAIN)
    _ALARM.limit = limit
    return _Others(handler, outer, delay, interval, since)


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
    others = _arm(limit)
    try:
        try:
            yield limit
        finally:
            _ALARM.limit = None
    finally:
        others.restore()
