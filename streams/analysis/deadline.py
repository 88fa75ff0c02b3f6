"""A deadline that truly interrupts, also inside one regular expression."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_AGAIN: Final = 0.02
_AT_ONCE: Final = 1e-3


class DeadlineExceededError(BaseException):
    """The guarded block ran out of time.

    Not an `Exception`: parsers swallow those, and a swallowed deadline would never end the parse.
    """


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise `DeadlineExceededError` in the block once it has run for `seconds` of wall-clock time.

    The interval timer's SIGALRM reaches Python code and `re` alike, since `re` polls for signals while it
    backtracks. It keeps ringing until the block ends: an exception that is raised inside a destructor or a
    collector's callback is lost, the next one is not. Signals exist in the main thread only: elsewhere the
    block runs **without a deadline**, so run the engine in its process's main thread. A handler and timer
    set by someone else are restored, the timer with the time it had left.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    alarm = _Alarm()
    previous_handler = signal.signal(signal.SIGALRM, alarm)
    previous_delay, previous_interval = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    started = time.monotonic()
    try:
        try:
            yield
        finally:
            alarm.armed = False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous_handler)
        if previous_delay:
            left = max(previous_delay - (time.monotonic() - started), _AT_ONCE)
            signal.setitimer(signal.ITIMER_REAL, left, previous_interval)


class _Alarm:
    """A signal handler that raises as long as the block runs."""

    def __init__(self) -> None:
        self.armed = True

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        if self.armed:
            raise DeadlineExceededError
