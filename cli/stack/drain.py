"""Waits until what is on its way through the broker has arrived."""

import asyncio
import time
from collections.abc import Callable

from cli.stack.lag import Consumption
from runtime.errors import TransientError

_BETWEEN_LOOKS = 0.2


class Drain:
    """A budget of seconds that several waits share."""

    def __init__(self, bootstrap_servers: str, *, seconds: float) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._deadline = time.monotonic() + seconds

    async def rest(self, consumption: Consumption, *, worthwhile: Callable[[], bool]) -> int | None:
        """Wait until the group has read its topic to the end; return how many records it has not.

        It ends early when the budget is used up or the wait is not worthwhile since nobody reads. None: the broker does
        not tell.
        """
        while True:
            rest = await asyncio.to_thread(self._lag, consumption)
            if rest == 0 or time.monotonic() > self._deadline or not worthwhile():
                return rest
            await asyncio.sleep(_BETWEEN_LOOKS)

    def _lag(self, consumption: Consumption) -> int | None:
        try:
            return consumption.lag(self._bootstrap_servers)
        except TransientError:
            return None
