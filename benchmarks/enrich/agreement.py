"""Whether contenders said the same: one that does less is no peer."""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

from confluent_kafka import Message

from schemas import catalog, wire
from schemas.codec import decode
from schemas.topics import ANALYZED
from streams.enrichment.encoding import PER_EVENT_FIELDS

_SCHEMA: Final = catalog.latest(ANALYZED.subject)


class Said(NamedTuple):
    """What stands in an analysed event, but for what differs each time that it is made."""

    event_id: UUID
    digest: bytes
    """Of the key, the headers and every field of the record that is not of PER_EVENT_FIELDS."""


class DisagreementError(Exception):
    """Two contenders did not make the same of the same events."""


def said_by(messages: Iterable[Message]) -> list[Said]:
    """Return what messages of commands.analyzed say."""
    return [_said(message) for message in messages]


def check_agreement(name: str, said: Collection[Said], reference: Collection[Said]) -> None:
    """Make sure that `said` names every event once, and says of each what the reference says.

    Raises:
        DisagreementError: it does not.

    """
    expected = dict(reference)
    if len({each.event_id for each in said}) != len(said):
        raise DisagreementError(f"{name} gave an event out twice")
    if differing := sum(expected.get(each.event_id) != each.digest for each in said):
        raise DisagreementError(f"{name} said something else of {differing} of {len(said)} events")


def _said(message: Message) -> Said:
    schema_id, datum = wire.unframe(message.value())
    if schema_id != _SCHEMA.schema_id:
        raise DisagreementError(f"an event has schema {schema_id}, not {_SCHEMA.schema_id}")
    record: dict[str, Any] = decode(_SCHEMA, datum)
    for name in PER_EVENT_FIELDS:
        del record[name]
    content = repr((message.key(), message.headers(), sorted(record.items())))
    return Said(record["event_id"], hashlib.blake2b(content.encode(), digest_size=16).digest())
