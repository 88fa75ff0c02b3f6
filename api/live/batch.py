"""Messages as they came from Kafka, decoded when first asked for."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api import metrics
from api.live.event import LiveEvent, decode, render
from api.live.position import MovingPosition, Position
from runtime.log import get_logger
from schemas.errors import SchemaError
from schemas.registry import Registry

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RawMessage:
    """What of a Kafka message a live stream needs."""

    partition: int
    offset: int
    timestamp: int
    """Milliseconds since the Unix epoch, by the broker or the producer."""
    key: bytes
    value: bytes | None
    is_news: bool = True
    """Whether its event just happened: one that was analysed again is not shown as if it had."""


class Batch:
    """Messages from one position of the topic to another."""

    def __init__(self, messages: Sequence[RawMessage], *, begin: Position, registry: Registry, tenant: str) -> None:
        self.begin = begin
        offsets = dict(begin.offsets)
        offsets |= {message.partition: message.offset + 1 for message in messages}
        self.end = Position(begin.incarnation, offsets)
        self.oldest_news = min((message.timestamp for message in messages if message.is_news), default=None)
        """Timestamp of the event that waited longest for being told; None where the batch tells nothing new."""
        self._messages = messages
        self._registry = registry
        self._key_prefix = f"{tenant}/".encode()
        self._events: list[LiveEvent] | None = None
        self._decoding = threading.Lock()

    def events(self) -> list[LiveEvent]:
        """Return the tenant's events, decoded by the first call; a message that is none is counted and left out."""
        with self._decoding:
            if self._events is None:
                self._events = list(self._decode())
            return self._events

    def _decode(self) -> Iterator[LiveEvent]:
        position = MovingPosition(self.begin)
        for message in self._messages:
            position.move(message.partition, message.offset + 1)
            if not (message.is_news and message.key.startswith(self._key_prefix)):
                continue
            try:
                record = decode(self._registry, message.value)
            except SchemaError as error:
                metrics.LIVE_EVENTS_REFUSED.inc()
                log.warning(
                    "message_refused", partition=message.partition, offset=message.offset, error=type(error).__name__
                )
                continue
            metrics.LIVE_EVENTS_DECODED.inc()
            yield render(record, str(position))
