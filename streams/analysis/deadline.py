"""A deadline that truly interrupts, also inside one regular expression."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_AT_ONCE: Final = 1e-3


class DeadlineExceededError(BaseException):
    """The guarded block ran out of time.

    Not an `Exception`: parsers swallow those, and a swallowed deadline would never end the parse.
    """


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise `DeadlineExceededError` in the block once it has run for `seconds` of wall-clock time.

    The interval timer's SIGALRM reaches Python code and `re` alike, since `re` polls for signals while it
    backtracks. Signals exist in the main thread only: elsewhere the block runs **without a deadline**, so
    run the engine in its process's main thread. A handler and timer set by someone else are restored, the
    timer with the time it had left.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous_handler = signal.signal(signal.SIGALRM, _raise)
    previous_delay, previous_interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    started = time.monotonic()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous_handler)
        if previous_delay:
            left = max(previous_delay - (time.monotonic() - started), _AT_ONCE)
            signal.setitimer(signal.ITIMER_REAL, left, previous_interval)


def _raise(_signal: int, _frame: FrameType | None) -> None:
    raise DeadlineExceededError
