"""What the metrics tell of the spool, looked at every few seconds."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from producers import metrics
from producers.envelope import Envelope
from producers.errors import UnreadableEventError
from producers.spool import Spool
from runtime.log import get_logger

_EVERY_SECONDS = 5.0

log = get_logger(__name__)


class SpoolGauges:
    """Sets the gauges; `wall` is the time that the events' own ending times are compared with."""

    def __init__(
        self,
        spool: Spool,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._spool = spool
        self._clock = clock
        self._wall = wall
        self._due = 0.0

    def refresh(self) -> None:
        """Look, where it is time to."""
        if self._clock() < self._due:
            return
        self._due = self._clock() + _EVERY_SECONDS
        try:
            backlog, size = self._spool.backlog(), self._spool.size()
        except OSError as error:
            log.warning("spool_unreadable", reason=error.strerror)
            return
        metrics.SPOOL_BYTES.set(size)
        metrics.SPOOL_EVENTS.set(backlog.events)
        metrics.SPOOL_OLDEST_SECONDS.set(0 if backlog.oldest is None else self._age(backlog.oldest))

    def _age(self, payload: bytes) -> float:
        try:
            ended_at = Envelope.from_bytes(payload).ended_at
        except UnreadableEventError:
            return 0.0
        return max((self._wall() - ended_at).total_seconds(), 0.0)
