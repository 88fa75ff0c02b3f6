"""A deadline that truly interrupts, also inside one regular expression."""

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, NamedTuple, TypeVar

_AGAIN: Final = 0.02
_AT_ONCE: Final = 1e-6
_STARVED: Final = 4.0
"""So many times the deadline by the clock on the wall end the work too, whatever else keeps the processor busy."""
_MAIN_THREAD: Final = threading.main_thread()
T = TypeVar("T")


class DeadlineExceededError(BaseException):
    """The work ran out of time.

    Not an `Exception`: parsers swallow those, and a swallowed deadline would never end the parse.
    """


class Deadline:
    """The time that some work has from now on, and how much of it the work at hand may take.

    Seconds are those that the thread has the processor, so that a busy machine changes no analysis.
    """

    __slots__ = ("_begun", "_seconds", "_share", "_used")

    def __init__(self, seconds: float, share: float = 1.0) -> None:
        self._seconds = seconds
        self._share = share
        self._begun = time.monotonic()
        self._used = time.thread_time()

    def allow(self, share: float) -> None:
        """Ring when `share` (0 to 1, more than before) of the time is over: what comes after keeps the rest.

        Costs nothing: the timer set for the smaller share rings, and is set again for the rest.
        """
        self._share = share

    @property
    def left(self) -> float:
        """Seconds until it rings, at the earliest."""
        allowed = self._share * self._seconds
        on_the_wall = self._begun + _STARVED * allowed - time.monotonic()
        return min(self._used + allowed - time.thread_time(), on_the_wall)

    def uncounted(self, work: Callable[[], T]) -> T:
        """Return what `work` returns; the clock stands still meanwhile."""
        if _ALARM.limit is not self:
            return work()
        stopped, used = time.monotonic(), time.thread_time()
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            return work()
        finally:
            self._begun += time.monotonic() - stopped
            self._used += time.thread_time() - used
            self.start_timer()

    def start_timer(self) -> None:
        """Let SIGALRM ring when the time is over, and again and again after that."""
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
    """The handler, limit and timer that are set when a block begins."""

    handler: Any
    limit: Deadline | None
    delay: float
    interval: float
    since: float

    @classmethod
    def found(cls) -> "_Others":
        """Return what is set now."""
        timer = signal.getitimer(signal.ITIMER_REAL)
        return cls(signal.getsignal(signal.SIGALRM), _ALARM.limit, *timer, time.monotonic())

    def restore(self) -> None:
        """Set them again, the timer with the time it has left."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        if self.handler is not _ALARM and self.handler is not signal.SIG_DFL:
            signal.signal(signal.SIGALRM, self.handler)
        _ALARM.limit = self.limit
        if self.delay:
            left = max(self.delay - (time.monotonic() - self.since), _AT_ONCE)
            signal.setitimer(signal.ITIMER_REAL, left, self.interval)


def within(limit: Deadline, work: Callable[[], T]) -> T:
    """Return what `work` returns; raise `DeadlineExceededError` in it once `limit` is reached.

    The interval timer's SIGALRM reaches Python code and `re` alike, since `re` polls for signals while it
    backtracks. It keeps ringing until the work ends: an exception that is raised inside a destructor or a
    collector's callback is lost, the next one is not. Signals exist in the main thread only: elsewhere the
    work runs **without a deadline**, so run the engine in its process's main thread. A handler and timer
    set by someone else are restored, the timer with the time it had left.

    No context manager: the alarm may ring at a function's first instruction, and so in an `__exit__` before
    it has silenced anything. Here it can ring only inside the inner `try`.
    """
    if threading.current_thread() is not _MAIN_THREAD:
        return work()
    others = _Others.found()
    try:
        try:
            if others.handler is not _ALARM:
                signal.signal(signal.SIGALRM, _ALARM)
            _ALARM.limit = limit
            limit.start_timer()
            return work()
        finally:
            _ALARM.limit = None
    finally:
        others.restore()
