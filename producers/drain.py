"""Sending what waits in the spool, oldest first, while others go on appending."""

import random
import time
from collections.abc import Callable
from functools import partial
from itertools import takewhile

from producers import metrics
from producers.answer import Answer, Report, Reported
from producers.envelope import Envelope
from producers.errors import UnreadableEventError
from producers.framing import Framer
from producers.link import KafkaLink
from producers.refused import RefusedEvents
from producers.spool import Batch, Position, Spool
from runtime.log import get_logger

_BATCH_EVENTS = 1000
_BATCH_BYTES = 4 * 1024 * 1024
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 5.0
_MOST_DOUBLINGS = 10

log = get_logger(__name__)


class Drain:
    """Sends one batch at a time, and takes an event out of the spool once the broker acknowledged it.

    Steps come from the thread that polls the link. What was acknowledged behind an event that was not stays known, so
    that the next attempt does not send it again; only the death of the process in that moment can do so.

    A broker refuses messages by the batch they travel in. What it refuses is sent again in ever smaller company; what
    it refuses alone goes to the refused events, and those behind it pass.
    """

    def __init__(
        self,
        spool: Spool,
        link: KafkaLink,
        framer: Framer,
        refused: RefusedEvents,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spool = spool
        self._link = link
        self._framer = framer
        self._refused = refused
        self._clock = clock
        self._batch = Batch()
        self._settled: set[Position] = set()
        self._sent = 0
        self._outstanding = 0
        self._company = _BATCH_EVENTS
        self._crowded = False
        self._blocked = False
        self._in_vain = 0
        self._not_before = 0.0
        self.acknowledged = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._batch.payloads

    @property
    def is_finishing(self) -> bool:
        """Whether the last of the spool is on its way, and nothing stands against it so far."""
        return self._batch.is_last and not self._blocked and not self._crowded

    def step(self) -> None:
        """Take the next step that needs no waiting; where the disk refuses, pause and try again."""
        self.settle()
        if not self.is_idle or self._clock() < self._not_before:
            return
        try:
            self._begin()
        except OSError as error:
            self._give_way(error)

    def settle(self) -> None:
        """Forget what was acknowledged, once every report of the batch is in."""
        if self.is_idle or self._outstanding:
            return
        try:
            self._settle()
        except OSError as error:
            self._give_way(error)

    def stop(self) -> None:
        """Let another process drain."""
        self.settle()
        self._spool.stop_draining()

    def _begin(self) -> None:
        if self._spool.is_empty():
            self._spool.stop_draining()
            return
        if not self._spool.start_draining():
            self._pause()
            return
        self._batch = self._spool.read(max_payloads=_BATCH_EVENTS, max_bytes=_BATCH_BYTES)
        self._sent, self._crowded, self._blocked = 0, False, False
        for payload, end in zip(self._batch.payloads, self._batch.ends, strict=True):
            if end not in self._settled and not self._send(payload, end):
                break

    def _send(self, payload: bytes, end: Position) -> bool:
        """Return whether it makes sense to go on with the next one."""
        if self._sent == self._company:
            return False
        try:
            envelope = Envelope.from_bytes(payload)
        except UnreadableEventError as error:
            return self._set_aside(payload, end, str(error))
        value = self._framer.frame(envelope)
        if value is None:
            self._blocked = True
            return False
        return self._hand_over(envelope, value, partial(self._reported, payload, end))

    def _hand_over(self, envelope: Envelope, value: bytes, reported: Reported) -> bool:
        self._outstanding += 1
        self._sent += 1
        try:
            self._link.send(envelope, value, reported)
        except BufferError:
            self._outstanding -= 1
            self._sent -= 1
            return False
        return True

    def _reported(self, payload: bytes, end: Position, report: Report) -> None:
        self._outstanding -= 1
        if report.answer is Answer.TAKEN:
            metrics.DRAINED.inc()
            self.acknowledged += 1
            self._settled.add(end)
        elif report.answer is Answer.NEVER or (report.answer is Answer.NOT_SO and self._sent == 1):
            self._set_aside(payload, end, report.reason)
        elif report.answer is Answer.NOT_SO:
            self._crowded = True
        else:
            self._blocked = True

    def _set_aside(self, payload: bytes, end: Position, reason: str) -> bool:
        """Return whether the event is kept elsewhere; else it stays, and is tried again."""
        if not self._refused.keep(payload, reason):
            self._blocked = True
            return False
        metrics.EVENTS.labels("refused").inc()
        self._settled.add(end)
        return True

    def _settle(self) -> None:
        batch, self._batch = self._batch, Batch()
        self._company = max(self._sent // 2, 1) if self._crowded else min(self._company * 2, _BATCH_EVENTS)
        if self._blocked:
            self._pause()
        done = list(takewhile(self._settled.__contains__, batch.ends))
        if done:
            self._spool.forget(done[-1])
            self._settled = {end for end in self._settled if end > done[-1]}
            self._in_vain = 0

    def _give_way(self, error: OSError) -> None:
        log.warning("spool_not_drained", reason=error.strerror)
        self._pause()

    def _pause(self) -> None:
        """Wait longer each time in vain, and not at the same moment as all other agents."""
        pause = min(_FIRST_PAUSE_SECONDS * 2**self._in_vain, _LONGEST_PAUSE_SECONDS)
        self._in_vain = min(self._in_vain + 1, _MOST_DOUBLINGS)
        self._not_before = self._clock() + pause * random.uniform(0.5, 1)  # noqa: S311 - spreads load
