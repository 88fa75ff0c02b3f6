"""Sending what waits in the spool, oldest first, while others go on appending."""

import time
from collections.abc import Callable
from functools import partial

from confluent_kafka import KafkaError

from producers import metrics
from producers.envelope import Envelope
from producers.framing import Framer
from producers.link import KafkaLink, is_refusal
from producers.spool import Batch, Position, Spool
from runtime.log import get_logger

_BATCH_EVENTS = 1000
_BATCH_BYTES = 4 * 1024 * 1024
_RETRY_SECONDS = 0.5

log = get_logger(__name__)


class Drain:
    """Sends one batch at a time, and takes an event out of the spool once the broker acknowledged it.

    Steps come from the thread that polls the link. What was acknowledged behind an event that was not stays known, so
    that the next attempt does not send it again; only the death of the process in that moment can do so.
    """

    def __init__(
        self, spool: Spool, link: KafkaLink, framer: Framer, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._spool = spool
        self._link = link
        self._framer = framer
        self._clock = clock
        self._batch = Batch()
        self._settled: set[Position] = set()
        self._outstanding = 0
        self._not_before = 0.0
        self.acknowledged = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._batch.payloads

    def step(self) -> None:
        """Take the next step that needs no waiting."""
        self.settle()
        if self.is_idle and self._clock() >= self._not_before:
            self._begin()

    def settle(self) -> None:
        """Forget what was acknowledged, once every report of the batch is in."""
        if self._batch.payloads and not self._outstanding:
            self._settle()

    def stop(self) -> None:
        """Let another process drain."""
        self.settle()
        self._spool.stop_draining()

    def _begin(self) -> None:
        if self._spool.is_empty():
            self._spool.stop_draining()
            return
        if not self._spool.start_draining():
            self._wait()
            return
        self._batch = self._spool.read(max_payloads=_BATCH_EVENTS, max_bytes=_BATCH_BYTES)
        for payload, end in zip(self._batch.payloads, self._batch.ends, strict=True):
            if end not in self._settled and not self._send(payload, end):
                break

    def _send(self, payload: bytes, end: Position) -> bool:
        """Return whether it makes sense to go on with the next one."""
        envelope = Envelope.from_bytes(payload)
        value = self._framer.frame(envelope)
        if value is None:
            return False
        self._outstanding += 1
        try:
            self._link.send(envelope, value, partial(self._reported, end))
        except BufferError:
            self._outstanding -= 1
            return False
        return True

    def _reported(self, end: Position, error: KafkaError | None) -> None:
        self._outstanding -= 1
        if error is None:
            metrics.DRAINED.inc()
            self.acknowledged += 1
            self._settled.add(end)
        elif is_refusal(error):
            metrics.EVENTS.labels("refused").inc()
            log.error("spooled_event_refused", error=error.str())
            self._settled.add(end)

    def _settle(self) -> None:
        last: Position | None = None
        for end in self._batch.ends:
            if end not in self._settled:
                self._wait()
                break
            last = end
        if last is not None:
            self._spool.forget(last)
            self._settled = {end for end in self._settled if end > last}
        metrics.SPOOL_BYTES.set(self._spool.size())
        self._batch = Batch()

    def _wait(self) -> None:
        self._not_before = self._clock() + _RETRY_SECONDS
