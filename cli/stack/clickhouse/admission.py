"""How many queries run at once, and how many may wait for their turn."""

import asyncio

from cli.stack.clickhouse.errors import SAME_QUERY_ID_RUNNING, TOO_MANY_SIMULTANEOUS_QUERIES, server_error


class Admission:
    """A place for each running query; used on one event loop.

    Args:
        running: queries at once.
        waiting: queries that may wait; one more is refused.

    """

    def __init__(self, *, running: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(running)
        self._running_limit = running
        self._waiting_limit = waiting
        self._waiting = 0
        self._query_ids: set[str] = set()

    @property
    def query_ids(self) -> frozenset[str]:
        """The ids of the queries that run or wait."""
        return frozenset(self._query_ids)

    async def enter(self, query_id: str) -> None:
        """Wait for a place; give it back with `leave`.

        Raises:
            ClickHouseError: too many wait already, or a query runs under this id.

        """
        if query_id in self._query_ids:
            message = f"Query with id = {query_id} is already running."
            raise server_error(SAME_QUERY_ID_RUNNING, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", message)
        if self._free.locked() and self._waiting >= self._waiting_limit:
            message = (
                f"Too many simultaneous queries: {self._running_limit} run and {self._waiting} wait. "
                "Try again later, or start the server with more --threads or a longer --queue."
            )
            raise server_error(TOO_MANY_SIMULTANEOUS_QUERIES, "TOO_MANY_SIMULTANEOUS_QUERIES", message)
        self._query_ids.add(query_id)
        self._waiting += 1
        try:
            await self._free.acquire()
        except asyncio.CancelledError:
            self._query_ids.discard(query_id)
            raise
        finally:
            self._waiting -= 1

    def leave(self, query_id: str) -> None:
        """Give the place of a query back."""
        self._query_ids.discard(query_id)
        self._free.release()
