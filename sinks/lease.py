"""A lease kept in ClickHouse: at most one of several processes migrates, and a crash frees it.

To take it, a process inserts a row that says "I, until then" and only after that reads who else holds one. Of two
processes that do so at once at least one sees the other, so never do both go on; who sees another withdraws, waits a
random while and tries again. A row counts until its `expires_at` by ClickHouse's own clock, or until the holder's next
row replaces it. This needs reads that see every acknowledged insert: one server, or replicas with
`insert_quorum` and `select_sequential_consistency`.
"""

import random
import time
import uuid
from types import TracebackType
from typing import Self

from clickhouse_connect.driver.client import Client

from runtime.clickhouse import judged
from runtime.errors import TransientError


class Lease:
    """Context manager: inside, this process is the only one that migrates."""

    def __init__(self, client: Client, *, seconds: int = 60, patience: float = 120.0) -> None:
        """Prepare a lease of `seconds`; entering it waits for others at most `patience` seconds."""
        self._client = client
        self._seconds = seconds
        self._patience = patience
        self._holder = uuid.uuid4()
        self._turn = 0

    def __enter__(self) -> Self:
        """Take the lease.

        Raises:
            TransientError: others held it for all of the patience, or ClickHouse did not answer.

        """
        deadline = time.monotonic() + self._patience
        while not self._try():
            if time.monotonic() > deadline:
                raise TransientError("another process holds the migration lease")
            time.sleep(random.uniform(0.05, 0.5))  # noqa: S311 - no secret
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write(0)

    def renew(self) -> None:
        """Hold it for another full term; call between long steps."""
        self._write(self._seconds)

    def _try(self) -> bool:
        if self._others():
            return False
        self._write(self._seconds)
        if not self._others():
            return True
        self._write(0)
        return False

    def _write(self, seconds: int) -> None:
        self._turn += 1
        with judged():
            self._client.command(
                "INSERT INTO migration_leases (holder, turn, expires_at) "
                "SELECT {holder:UUID}, {turn:UInt32}, now64(6) + toIntervalSecond({seconds:UInt32})",
                parameters={"holder": str(self._holder), "turn": self._turn, "seconds": seconds},
            )

    def _others(self) -> int:
        with judged():
            rows = self._client.query(
                "SELECT holder FROM migration_leases WHERE holder != {holder:UUID} "
                "GROUP BY holder HAVING argMax(expires_at, turn) > now64(6)",
                parameters={"holder": str(self._holder)},
            ).result_rows
        return len(rows)
