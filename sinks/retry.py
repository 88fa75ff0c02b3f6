"""Trying again, for ever, until told to stop."""

import random
import threading
from collections.abc import Callable
from typing import TypeVar

from runtime.errors import NetcopilotError, TransientError
from runtime.log import get_logger
from sinks import metrics

Result = TypeVar("Result")

_FIRST_PAUSE = 0.1

log = get_logger(__name__)


class AbandonedError(NetcopilotError):
    """The work was given up while its dependency was away; nothing of it may be taken as done."""


class Retry:
    """Calls an action until it succeeds, with exponential pauses of full jitter between the tries."""

    def __init__(self, *, longest: float, wait: Callable[[float], bool]) -> None:
        """Pause `longest` seconds at most, by calling `wait`, which returns whether the process stops."""
        self._longest = longest
        self._wait = wait
        self._waiting: dict[int, str] = {}

    @property
    def waiting_for(self) -> str:
        """What the current retries, of all threads, wait for; empty while all is well."""
        return "; ".join(sorted(set(self._waiting.copy().values())))

    def __call__(self, step: str, action: Callable[[], Result], *, wanted: Callable[[], bool] = lambda: True) -> Result:
        """Return the action's result.

        Raises:
            AbandonedError: the process stops, or the action is no longer `wanted`.

        """
        tries = 0
        try:
            while True:
                try:
                    return action()
                except TransientError as error:
                    tries += 1
                    self._pause(step, tries, error, wanted)
        finally:
            self._waiting.pop(threading.get_ident(), None)

    def _pause(self, step: str, tries: int, error: TransientError, wanted: Callable[[], bool]) -> None:
        metrics.RETRIES.labels(step).inc()
        self._waiting[threading.get_ident()] = str(error)
        limit = min(self._longest, _FIRST_PAUSE * 2 ** min(tries, 16))
        pause = random.uniform(limit / 2, limit)  # noqa: S311 - no secret
        log.warning("retrying", step=step, tries=tries, pause_seconds=round(pause, 2), reason=str(error))
        if self._wait(pause) or not wanted():
            raise AbandonedError(f"{step} was given up after {tries} tries: {error}") from error
