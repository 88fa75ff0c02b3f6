"""Events that the broker will never take: kept on the device, out of the way of those behind them."""

from pathlib import Path

from producers import metrics
from producers.spool import Spool
from runtime.errors import NetcopilotError
from runtime.log import get_logger

_SHARE = 4
"""The part of the spool's limit that refused events may take besides."""

log = get_logger(__name__)


class RefusedEvents:
    """A folder of its own beside the spool's segments, in their format."""

    def __init__(self, spool_folder: Path, *, spool_max_bytes: int, durable: bool) -> None:
        """Note where they are kept; the folder is made with the first."""
        self.folder = spool_folder / "refused"
        self._max_bytes = spool_max_bytes // _SHARE
        self._durable = durable

    def keep(self, payload: bytes, reason: str) -> bool:
        """Keep an event as the spool would, and say so in the log; return False where there is no room for it."""
        try:
            self._open().append([payload])
        except (OSError, NetcopilotError) as error:
            log.error("refused_event_not_kept", reason=reason, cause=str(error))  # noqa: TRY400 - that says it all
            return False
        metrics.REFUSED_KEPT.inc()
        log.error("event_refused", reason=reason, kept_in=str(self.folder))
        return True

    def take_back(self, spool: Spool) -> int:
        """Put every refused event behind what waits in the spool, to be tried again; return how many.

        Raises:
            SpoolFullError: the spool has no room for all; the rest stays.
            OSError: the disk refuses.

        """
        refused, moved = self._open(), 0
        while (batch := refused.read(max_payloads=1, max_bytes=1)).payloads:
            spool.append(batch.payloads)
            refused.forget(batch.ends[-1])
            moved += 1
        return moved

    def _open(self) -> Spool:
        return Spool(self.folder, max_bytes=self._max_bytes, durable=self._durable)
