"""The breaker of the dead letters: a process that gives up most of what it reads is wrong itself, or set up wrongly.

Better it stops than that it drains its topic into the dead letters.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from runtime.errors import ConfigurationError
from runtime.settings import RejectSettings


@dataclass(frozen=True, slots=True)
class _Count:
    at: float
    messages: int
    rejected: int


class RejectRatio:
    """Counts messages and rejections of the last seconds; safe in any thread."""

    def __init__(self, settings: RejectSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = settings.reject_ratio
        self._least = settings.reject_ratio_messages
        self._seconds = settings.reject_ratio_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: deque[_Count] = deque()
        self._messages = 0
        self._rejected = 0

    def note(self, *, messages: int, rejected: int = 0, reason: str = "") -> None:
        """Count messages, before those of them that are `rejected` become dead letters; `reason` is that of one.

        Raises:
            ConfigurationError: too many are rejected; what was counted must be neither sent nor acknowledged.

        """
        with self._lock:
            self._forget()
            self._counts.append(_Count(self._clock(), messages, rejected))
            self._messages += messages
            self._rejected += rejected
            runs_away = self._messages >= self._least and self._rejected > self._limit * self._messages
            if rejected and runs_away:
                raise ConfigurationError(self._complaint(reason))

    def share(self) -> float:
        """Return which share of the last seconds' messages was rejected, 0 to 1."""
        with self._lock:
            self._forget()
            return self._rejected / self._messages if self._messages else 0.0

    def _forget(self) -> None:
        horizon = self._clock() - self._seconds
        while self._counts and self._counts[0].at < horizon:
            gone = self._counts.popleft()
            self._messages -= gone.messages
            self._rejected -= gone.rejected

    def _complaint(self, reason: str) -> str:
        return (
            f"{self._rejected:,} of the last {self._messages:,} messages would be dead letters ({reason}): "
            "stopped before the topic is drained into them. Mend the cause: schemas that this release or the registry "
            "does not know (SCHEMA_REGISTRY_URL), or a producer that writes something else to the topic. "
            "If they are to be dead letters, set NETCOPILOT_REJECT_RATIO=1"
        )
