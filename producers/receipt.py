"""What the one who publishes an event is told about it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from producers import metrics
from producers.envelope import Envelope
from runtime.errors import NetcopilotError


class Outcome(Enum):
    """Where an event ended up."""

    DELIVERED = "delivered"
    """The broker acknowledged it."""
    SPOOLED = "spooled"
    """It is in the spool on disk and will be sent from there."""
    REFUSED = "refused"
    """It is not on its way: the disk and the broker refuse it, and the receipt says why."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an event, and why where it was refused."""

    outcome: Outcome
    error: NetcopilotError | None = None


Done = Callable[[Receipt], None]
"""Takes an event's receipt, on the publisher's own thread: it must not wait."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An event without its receipt; `number` tells the order in which events were taken over."""

    number: int
    envelope: Envelope
    done: Done

    def finish(self, outcome: Outcome, error: NetcopilotError | None = None) -> None:
        """Give the receipt."""
        metrics.EVENTS.labels(outcome.value).inc()
        self.done(Receipt(outcome, error))
