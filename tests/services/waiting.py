"""Waits for a condition, never for a time."""

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], *, within: float = 20.0) -> None:
    """Return as soon as it holds.

    Raises:
        TimeoutError: it did not hold within so many seconds.

    """
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {within:g} s")
        time.sleep(0.05)
