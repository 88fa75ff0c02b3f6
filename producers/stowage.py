"""Putting events into the spool, and what to do with them where the disk refuses."""

from collections.abc import Sequence

from producers import metrics
from producers.errors import SpoolFullError
from producers.receipt import Outcome, Pending
from producers.spool import Spool
from runtime.errors import TransientError
from runtime.log import get_logger

_HELD_EVENTS = 10_000
_HELD_BYTES = 64 * 1024 * 1024

log = get_logger(__name__)


class Stowage:
    """Stows events in order. No event gets the receipt SPOOLED before the spool has it."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._complained = False

    def put(self, pending: Sequence[Pending], *, last: bool) -> list[Pending]:
        """Put events into the spool; return those that stay in memory because the disk refuses, oldest first.

        All others have their receipt. What goes beyond the spool's limit or beyond what memory may hold is refused, and
        so is, with `last`, whatever the disk refuses.
        """
        held: list[Pending] = []
        error: TransientError | None = None
        stored = len(pending)
        try:
            self._spool.append([one.envelope.to_bytes() for one in pending])
        except SpoolFullError as full:
            stored, error = full.accepted, full
        except OSError as refusal:
            stored, error = 0, self._complain(refusal)
            held = [] if last else _within_limits(pending)
        else:
            self._recover()
        for one in pending[:stored]:
            one.finish(Outcome.SPOOLED)
        for one in pending[stored + len(held) :]:
            one.finish(Outcome.REFUSED, error)
        metrics.HELD_EVENTS.set(len(held))
        return held

    def _complain(self, refusal: OSError) -> TransientError:
        error = TransientError(
            f"the spool cannot be written: {refusal.strerror}; make room, or see NETCOPILOT_SPOOL_DIR"
        )
        if not self._complained:
            log.warning("spool_unwritable", reason=str(error), consequence="events wait in memory")
            self._complained = True
        return error

    def _recover(self) -> None:
        if self._complained:
            log.info("spool_writable")
            self._complained = False


def _within_limits(pending: Sequence[Pending]) -> list[Pending]:
    held: list[Pending] = []
    size = 0
    for one in pending[:_HELD_EVENTS]:
        size += len(one.envelope.datum)
        if size > _HELD_BYTES:
            break
        held.append(one)
    return held
