"""Publishing events: to the broker where one answers, to the spool on disk where none does."""

import itertools
import threading
import time
from collections import deque
from types import TracebackType
from typing import Self

from producers.answer import Answer, Report
from producers.drain import Drain
from producers.envelope import Envelope
from producers.errors import EventRefusedError
from producers.framing import Framer
from producers.gauges import SpoolGauges
from producers.link import KafkaLink
from producers.receipt import Done, Outcome, Pending, Receipt
from producers.refused import RefusedEvents
from producers.settings import ProducerSettings
from producers.spool import Spool
from producers.stowage import Stowage
from runtime.errors import TransientError
from runtime.health import Probe
from runtime.log import get_logger
from schemas import catalog
from schemas.registry import open_registry
from schemas.topics import EXECUTED

__all__ = ["Done", "Outcome", "Publisher", "Receipt"]

_MAX_WAITING = 10_000
_POLL_SECONDS = 0.05
_REPORT_SECONDS = 0.002
_PURGE_SECONDS = 1.0
_STOW_AGAIN_SECONDS = 0.5
_FINISH_SECONDS = 1.0
"""How long events wait in memory, at most, for the last of the spool to be acknowledged."""

log = get_logger(__name__)


def _ignore(_receipt: Receipt) -> None:
    return


class Publisher:
    """Gives each event to the broker, or to the spool where the broker does not acknowledge it in time.

    While anything is spooled, by this process or another, new events go behind it, so that a device's events keep their
    order; a background thread sends the spool, oldest first, and publishing turns direct again once it is empty. An
    event is done (its receipt is given) only when the broker acknowledged it or the spool has it on disk; while the
    disk refuses, events wait in memory, and go to the broker from there where nothing is spooled before them.
    """

    def __init__(self, link: KafkaLink, spool: Spool, framer: Framer, refused: RefusedEvents) -> None:
        self._link = link
        self._spool = spool
        self._framer = framer
        self._refused = refused
        self._drain = Drain(spool, link, framer, refused)
        self._stowage = Stowage(spool)
        self._gauges = SpoolGauges(spool)
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._in_flight: dict[int, Pending] = {}
        self._acknowledged = 0
        self._failed: list[Pending] = []
        self._waiting: deque[Pending] = deque()
        self._detour = False
        self._waiting_since = 0.0
        self._stow_after = 0.0
        self._blocked = 0
        self._closed = False
        self._defect: Exception | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    @classmethod
    def open(cls, settings: ProducerSettings, *, single: bool = False) -> Self:
        """Return a publisher for these settings, not started yet; `single` is for a process that sends one event.

        Raises:
            SpoolUnusableError: the spool folder cannot be used.

        """
        registry_url = settings.schema_registry_url.get_secret_value() if settings.schema_registry_url else None
        spool = Spool(settings.spool_dir, max_bytes=settings.spool_max_bytes, durable=settings.spool_fsync)
        framer = Framer(open_registry(registry_url))
        if registry_url is None:
            framer.learn(catalog.latest(EXECUTED.subject).schema_id)
        refused = RefusedEvents(
            settings.spool_dir, spool_max_bytes=settings.spool_max_bytes, durable=settings.spool_fsync
        )
        return cls(KafkaLink(settings, idempotent=not single), spool, framer, refused)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(0)

    def publish(self, envelope: Envelope, done: Done = _ignore) -> None:
        """Take an event over; waits only while too many are on their way already. After close(), it is refused.

        Raises:
            RuntimeError: the publishing thread died of a defect; the process is of no use any more.

        """
        with self._changed:
            pending = Pending(next(self._numbers), envelope, done)
            self._blocked += 1
            try:
                while not self._take(pending):
                    self._changed.wait(_POLL_SECONDS)
            finally:
                self._blocked -= 1

    def has_backlog(self) -> bool:
        """Return whether events wait on disk."""
        return not self._spool.is_empty()

    def ready(self) -> Probe:
        """Tell whether events reach the broker."""
        if self._link.is_down:
            return Probe(healthy=False, detail=f"no broker answers; {self._spool.size()} bytes are spooled")
        if self._link.fault is not None:
            return Probe(healthy=False, detail=f"the broker takes nothing ({self._link.fault})")
        return Probe(healthy=True, detail="publishing")

    def alive(self) -> Probe:
        """Tell whether the publishing thread lives."""
        return Probe(healthy=self._thread.is_alive(), detail="publishing thread")

    def settle(self, patience: float) -> None:
        """Wait until everything is acknowledged, for as long as something is at least every `patience` seconds."""
        seen, deadline = -1, 0.0
        with self._changed:
            while not self._is_done():
                acknowledged = self._acknowledged + self._drain.acknowledged
                if acknowledged != seen:
                    seen, deadline = acknowledged, time.monotonic() + patience
                if time.monotonic() >= deadline:
                    return
                self._changed.wait(_POLL_SECONDS)

    def close(self, seconds: float, *, wait_for_broker: bool = True) -> None:
        """Wait for what is on its way, `seconds` at most, spool what is not acknowledged by then, and stop.

        Without `wait_for_broker`, the wait ends as soon as no broker can be reached.
        """
        deadline = time.monotonic() + seconds
        with self._changed:
            while not self._is_done() and time.monotonic() < deadline:
                if self._link.is_down and not wait_for_broker:
                    break
                self._changed.wait(0.02)
        self._stop.set()
        self._thread.join()

    def _take(self, pending: Pending) -> bool:
        if self._closed:
            if self._defect is not None:
                raise RuntimeError("the publishing thread has died") from self._defect
            pending.finish(Outcome.REFUSED, TransientError("the publisher is closed"))
            return True
        if self._is_direct():
            value = self._framer.frame(pending.envelope)
            if value is not None:
                return self._send(pending, value)
        if len(self._waiting) >= _MAX_WAITING:
            return False
        self._detour = True
        if not self._waiting:
            self._waiting_since = time.monotonic()
        self._waiting.append(pending)
        return True

    def _is_direct(self) -> bool:
        return not self._detour and self._spool.is_empty()

    def _send(self, pending: Pending, value: bytes) -> bool:
        self._in_flight[pending.number] = pending
        try:
            self._link.send(pending.envelope, value, lambda report: self._reported(pending, report))
        except BufferError:
            del self._in_flight[pending.number]
            return False
        if len(self._in_flight) == 1:
            self._changed.notify_all()
        return True

    def _reported(self, pending: Pending, report: Report) -> None:
        with self._changed:
            if self._in_flight.pop(pending.number, None) is None:
                return  # given up, and stowed
            self._acknowledged += report.answer is Answer.TAKEN
            if report.answer in {Answer.NOT_NOW, Answer.NOT_SO}:
                self._failed.append(pending)
                self._detour = True
                return
        if report.answer is Answer.TAKEN:
            pending.finish(Outcome.DELIVERED)
            return
        kept = self._refused.keep(pending.envelope.to_bytes(), report.reason)
        where = f"; it is kept in {self._refused.folder}" if kept else ""
        pending.finish(Outcome.REFUSED, EventRefusedError(f"the broker refuses the event: {report.reason}{where}"))

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._link.poll()
                self._work()
                self._rest()
            self._give_up()
        except Exception as error:
            log.exception("publisher_died")
            self._defect = error
        finally:
            self._close()

    def _rest(self) -> None:
        """Wait a moment: a short one while reports may come, else until something is published."""
        with self._changed:
            reports_may_come = self._in_flight or not self._drain.is_idle
            self._changed.wait(_REPORT_SECONDS if reports_may_come else _POLL_SECONDS)

    def _work(self) -> None:
        self._stow()
        self._drain.step()
        self._gauges.refresh()
        with self._changed:
            self._detour = self._detour and not self._is_done()
            self._changed.notify_all()

    def _give_up(self) -> None:
        """Stow what has no receipt yet, that of publishers that still wait included."""
        self._link.purge()
        deadline = time.monotonic() + _PURGE_SECONDS
        while (self._in_flight or not self._drain.is_idle or self._blocked) and time.monotonic() < deadline:
            self._link.poll()
            self._rest()
            self._drain.settle()
            self._stow()
            with self._changed:
                self._detour = True
                self._changed.notify_all()
        self._close()
        self._stow(last=True)
        self._drain.stop()
        self._gauges.refresh()

    def _close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _is_done(self) -> bool:
        on_its_way = self._in_flight or self._failed or self._waiting
        return not on_its_way and self._drain.is_idle and self._spool.is_empty()

    def _stow(self, *, last: bool = False) -> None:
        """Put what failed, then what came after it, into the spool, once nothing older is on its way.

        Where nothing failed, the spool is empty by then and the link works, it goes straight to the broker instead.
        """
        with self._changed:
            if last:
                self._failed += self._in_flight.values()
                self._in_flight.clear()
            elif not self._is_due():
                return
            is_fresh = not (self._failed or self._stop.is_set())
            pending = [*sorted(self._failed, key=lambda one: one.number), *self._waiting]
            self._failed.clear()
            self._waiting.clear()
            if is_fresh and self._link.works:
                self._detour = False
                pending = self._send_from_memory(pending)
                self._detour = self._detour or bool(pending)
        if pending:
            self._put_away(pending, last=last)

    def _is_due(self) -> bool:
        if self._in_flight or not (self._failed or self._waiting) or time.monotonic() < self._stow_after:
            return False
        soon_direct = self._drain.is_finishing and not self._failed and len(self._waiting) < _MAX_WAITING // 2
        return not soon_direct or time.monotonic() - self._waiting_since > _FINISH_SECONDS

    def _put_away(self, pending: list[Pending], *, last: bool) -> None:
        held = self._stowage.put(pending, last=last)
        if not held:
            return
        with self._changed:
            self._stow_after = time.monotonic() + _STOW_AGAIN_SECONDS
            self._failed += self._send_from_memory(held)

    def _send_from_memory(self, pending: list[Pending]) -> list[Pending]:
        """Hand events over where none is spooled before them; return what is left, the oldest first."""
        if not self._drain.is_idle or not self._spool.is_empty():
            return pending
        for count, one in enumerate(pending):
            value = self._framer.frame(one.envelope)
            if value is None or not self._send(one, value):
                return pending[count:]
        return []
