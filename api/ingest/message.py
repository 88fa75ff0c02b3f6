"""An event as the Kafka message that carries it."""

from dataclasses import dataclass
from uuid import UUID

from schemas import codec, wire
from schemas.catalog import RegisteredSchema
from schemas.event import CommandExecuted
from schemas.headers import Headers, for_execution


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Key, value and headers, ready to be produced."""

    event_id: UUID
    key: bytes
    value: bytes
    headers: Headers


def to_message(event: CommandExecuted, schema: RegisteredSchema, *, traceparent: str | None) -> OutgoingMessage:
    """Return the framed message of an event.

    Raises:
        DatumError: the event does not fit the schema.

    """
    return OutgoingMessage(
        event_id=event.event_id,
        key=event.key,
        value=wire.frame(schema.schema_id, codec.encode(schema, event.record())),
        headers=for_execution(event, traceparent=traceparent),
    )
