"""When a child that died is started again, and when not."""

import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """Exponential back-off with jitter, until too many deaths fall into one window. Times are in seconds."""

    first_delay: float = 0.5
    longest_delay: float = 10.0
    jitter: float = 0.2
    """A delay varies by this share, both ways, so that children do not return in step."""
    deaths: int = 5
    """With this many deaths within the window the child is given up."""
    window: float = 60.0


class Deaths:
    """The recent deaths of one child."""

    def __init__(self, policy: RestartPolicy, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._policy = policy
        self._clock = clock
        self._times: deque[float] = deque()

    def record(self) -> None:
        """Note a death now."""
        now = self._clock()
        self._times.append(now)
        while self._times[0] <= now - self._policy.window:
            self._times.popleft()

    @property
    def too_many(self) -> bool:
        """Whether the child is to be given up."""
        return len(self._times) >= self._policy.deaths

    def delay(self) -> float:
        """Seconds to wait before the next start: doubled with each recent death."""
        policy = self._policy
        plain = min(policy.first_delay * 2.0 ** (len(self._times) - 1), policy.longest_delay)
        return plain * random.uniform(1 - policy.jitter, 1 + policy.jitter)  # noqa: S311 (no secret depends on it)
