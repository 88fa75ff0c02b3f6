"""Things to remember for a while."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import timedelta
from typing import Generic, TypeVar

Thing = TypeVar("Thing", bound=Hashable)


class ExpiringSet(Generic[Thing]):
    """A set whose members are forgotten `memory` after they were added last, and the oldest beyond `max_members`."""

    def __init__(self, *, memory: timedelta, max_members: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._memory = memory.total_seconds()
        self._max_members = max_members
        self._clock = clock
        self._until: OrderedDict[Thing, float] = OrderedDict()

    def add(self, thing: Thing) -> None:
        """Remember a thing from now on."""
        self._until[thing] = self._clock() + self._memory
        self._until.move_to_end(thing)
        if len(self._until) > self._max_members:
            self._until.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._until.clear()

    def __contains__(self, thing: Thing) -> bool:
        until = self._until.get(thing)
        return until is not None and self._clock() < until

    def __len__(self) -> int:
        return len(self._until)
