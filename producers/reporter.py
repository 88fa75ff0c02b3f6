"""Everything between an execution and its receipt, opened from settings: identity, sequence, publisher."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from producers.envelope import seal
from producers.events import EventFactory
from producers.execution import Execution
from producers.identity import Identity
from producers.publisher import Done, Publisher
from producers.sequence import SequenceCounter
from producers.settings import ProducerSettings
from schemas.event import CommandExecuted


class Reporter:
    """Turns executions into events and publishes them, in the order of their sequence numbers whatever the thread."""

    def __init__(self, factory: EventFactory, publisher: Publisher) -> None:
        self._factory = factory
        self._in_order = threading.Lock()
        self.publisher = publisher

    def report(
        self,
        execution: Execution,
        done: Done,
        *,
        labels: Mapping[str, str] | None = None,
        traceparent: str | None = None,
    ) -> CommandExecuted:
        """Publish an execution and return its event; `done` gets the receipt."""
        with self._in_order:
            event = self._factory.make(execution, labels=labels, trace_id=trace_id_of(traceparent))
            self.publisher.publish(seal(event, traceparent=traceparent), done)
        return event


def trace_id_of(traceparent: str | None) -> str | None:
    """Return the trace id of a W3C traceparent, version-traceid-parentid-flags; None where it is none."""
    parts = (traceparent or "").split("-")
    return parts[1] if len(parts) >= 4 and len(parts[1]) == 32 else None


def sequence_of(settings: ProducerSettings) -> Callable[[], int]:
    """Return what gives out the agent's next sequence number.

    Raises:
        SpoolUnusableError: the spool folder cannot be used.

    """
    return SequenceCounter(settings.spool_dir / "sequences", settings.agent_id).next


@contextmanager
def open_reporter(settings: ProducerSettings, identity: Identity, *, single: bool = False) -> Iterator[Reporter]:
    """Report under an identity, a `single` event or many, for the block.

    Close the publisher before the block ends, or what is on its way is spooled.

    Raises:
        SpoolUnusableError: the spool folder cannot be used.

    """
    factory = EventFactory(identity, next_sequence=sequence_of(settings), output_limit=settings.output_limit_bytes)
    with Publisher.open(settings, single=single) as publisher:
        yield Reporter(factory, publisher)
