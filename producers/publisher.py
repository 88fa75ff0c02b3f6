"""Publishing events: to the broker where one answers, to the spool on disk where none does."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

from confluent_kafka import KafkaError

from producers import metrics
from producers.drain import Drain
from producers.envelope import Envelope
from producers.errors import EventRefusedError, SpoolFullError
from producers.framing import Framer
from producers.link import KafkaLink, is_refusal
from producers.settings import ProducerSettings
from producers.spool import Spool
from runtime.errors import NetcopilotError, TransientError
from runtime.health import Probe
from schemas import catalog
from schemas.registry import open_registry
from schemas.topics import EXECUTED

_MAX_WAITING = 10_000
_POLL_SECONDS = 0.05
_PURGE_SECONDS = 1.0


class Outcome(Enum):
    """Where an event ended up."""

    DELIVERED = "delivered"
    """The broker acknowledged it."""
    SPOOLED = "spooled"
    """It is in the spool on disk and will be sent from there."""
    REFUSED = "refused"
    """It is nowhere: the spool is full or unusable, or the broker will never take it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an event, and why where it was refused."""

    outcome: Outcome
    error: NetcopilotError | None = None


Done = Callable[[Receipt], None]
"""Takes an event's receipt, on the publisher's own thread: it must not wait."""


def _ignore(_receipt: Receipt) -> None:
    return


@dataclass(frozen=True, slots=True)
class _Pending:
    envelope: Envelope
    done: Done


class Publisher:
    """Gives each event to the broker, or to the spool where the broker does not acknowledge it in time.

    While anything is spooled, by this process or another, new events go behind it, so that a device's events keep their
    order; a background thread sends the spool, oldest first, and publishing turns direct again once it is empty. An
    event is done (its receipt is given) only when the broker acknowledged it or the spool has it on disk.
    """

    def __init__(self, link: KafkaLink, spool: Spool, framer: Framer) -> None:
        self._link = link
        self._spool = spool
        self._framer = framer
        self._drain = Drain(spool, link, framer)
        self._changed = threading.Condition()
        self._in_flight = 0
        self._acknowledged = 0
        self._failed: list[_Pending] = []
        self._waiting: deque[_Pending] = deque()
        self._detour = False
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
        return cls(KafkaLink(settings, idempotent=not single), spool, framer)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(0)

    def publish(self, envelope: Envelope, done: Done = _ignore) -> None:
        """Take an event over; waits only while too many are on their way already."""
        pending = _Pending(envelope, done)
        with self._changed:
            while not self._take(pending):
                self._changed.wait(_POLL_SECONDS)

    def has_backlog(self) -> bool:
        """Return whether events wait on disk."""
        return not self._spool.is_empty()

    def ready(self) -> Probe:
        """Tell whether events reach the broker."""
        if self._link.is_down:
            return Probe(healthy=False, detail=f"no broker answers; {self._spool.size()} bytes are spooled")
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

    def _take(self, pending: _Pending) -> bool:
        if self._is_direct():
            value = self._framer.frame(pending.envelope)
            if value is not None:
                return self._send(pending, value)
        if len(self._waiting) >= _MAX_WAITING:
            return False
        self._detour = True
        self._waiting.append(pending)
        return True

    def _is_direct(self) -> bool:
        return not self._detour and self._spool.is_empty()

    def _send(self, pending: _Pending, value: bytes) -> bool:
        self._in_flight += 1
        try:
            self._link.send(pending.envelope, value, lambda error: self._reported(pending, error))
        except BufferError:
            self._in_flight -= 1
            return False
        return True

    def _reported(self, pending: _Pending, error: KafkaError | None) -> None:
        with self._changed:
            self._in_flight -= 1
            self._acknowledged += error is None
            if error is not None and not is_refusal(error):
                self._failed.append(pending)
                self._detour = True
                return
        if error is None:
            _finish(pending, Receipt(Outcome.DELIVERED))
        else:
            _finish(
                pending, Receipt(Outcome.REFUSED, EventRefusedError(f"the broker refuses the event: {error.str()}"))
            )

    def _run(self) -> None:
        while not self._stop.is_set():
            self._link.poll(_POLL_SECONDS)
            self._work()
        self._give_up()

    def _work(self) -> None:
        self._stow()
        self._drain.step()
        with self._changed:
            self._detour = self._detour and not self._is_done()
            self._changed.notify_all()

    def _give_up(self) -> None:
        self._link.purge()
        deadline = time.monotonic() + _PURGE_SECONDS
        while (self._in_flight or not self._drain.is_idle) and time.monotonic() < deadline:
            self._link.poll(0.01)
            self._drain.settle()
        self._stow()
        self._drain.stop()

    def _is_done(self) -> bool:
        on_its_way = self._in_flight or self._failed or self._waiting
        return not on_its_way and self._drain.is_idle and self._spool.is_empty()

    def _stow(self) -> None:
        """Put what failed, then what came after it, into the spool, once nothing older is on its way."""
        with self._changed:
            if self._in_flight or not (self._failed or self._waiting):
                return
            pending = [*self._failed, *self._waiting]
            self._failed.clear()
            self._waiting.clear()
        accepted, error = self._append([one.envelope.to_bytes() for one in pending])
        for one in pending[:accepted]:
            _finish(one, Receipt(Outcome.SPOOLED))
        for one in pending[accepted:]:
            _finish(one, Receipt(Outcome.REFUSED, error))
        metrics.SPOOL_BYTES.set(self._spool.size())

    def _append(self, payloads: list[bytes]) -> tuple[int, NetcopilotError | None]:
        try:
            self._spool.append(payloads)
        except SpoolFullError as error:
            return error.accepted, error
        except OSError as error:
            return 0, TransientError(f"the spool cannot be written: {error.strerror}; see NETCOPILOT_SPOOL_DIR")
        return len(payloads), None


def _finish(pending: _Pending, receipt: Receipt) -> None:
    metrics.EVENTS.labels(receipt.outcome.value).inc()
    pending.done(receipt)
