"""Which partitions are read at the same time, so that blocks grow full however many partitions are behind.

A block costs ClickHouse about as much as thousands of its rows. Where all partitions of a long backlog were read at
once, the memory for what waits would hold a sliver of each.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet


class Turns:
    """Of the partitions that are behind, some are read for `seconds`, then the next; the others always are.

    At least `places` are read, and more where those have fewer than `messages` left: each costs a look whether it
    holds more, in which nothing else would arrive.
    """

    def __init__(
        self, *, places: int, messages: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._places = places
        self._messages = messages
        self._seconds = seconds
        self._clock = clock
        self._behind: deque[int] = deque()
        self._left: Mapping[int, int] = {}
        self._ends_at = clock() + seconds

    def note(self, behind: Mapping[int, int]) -> None:
        """Note how many messages are left of those who are behind now; who was before keeps its place in the row."""
        known = set(self._behind)
        stay = (partition for partition in self._behind if partition in behind)
        self._behind = deque([*stay, *sorted(partition for partition in behind if partition not in known)])
        self._left = behind

    def caught_up(self, partition: int) -> None:
        """Note that a partition is no longer behind."""
        if partition in self._behind:
            self._behind.remove(partition)

    def waiting(self) -> AbstractSet[int]:
        """Return the partitions that are not to be read now."""
        if self._clock() >= self._ends_at:
            self._ends_at = self._clock() + self._seconds
            self._behind.rotate(-self._reads())
        return set(list(self._behind)[self._reads() :])

    def _reads(self) -> int:
        """Return how many of those who are behind are read."""
        messages = 0
        for reads, partition in enumerate(self._behind):
            if reads >= self._places and messages >= self._messages:
                return reads
            messages += self._left[partition]
        return len(self._behind)
