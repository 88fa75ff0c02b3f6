"""Where an event was seen in a topic, and which event it is as far as the bytes tell."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, cast
from uuid import NAMESPACE_OID, UUID, uuid5

import fastavro
from confluent_kafka import Message

from runtime.errors import TransientError
from schemas import wire
from schemas.catalog import RegisteredSchema
from schemas.errors import DatumError, RegistryUnavailableError
from schemas.registry import Registry
from schemas.topics import ANALYZED, EXECUTED
from sinks.block import offset_of, value_of

_LAST_FIELD: Final = "started_at"


class Source(StrEnum):
    """The topics."""

    EXECUTED = "executed"
    ANALYZED = "analyzed"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Head:
    """The first fields of CommandExecuted and CommandAnalyzed; `started_at` in microseconds since the epoch."""

    event_id: UUID
    tenant_id: str
    agent_id: str
    sequence: int
    started_at: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """An event at a place. `key` is the event's id; where that cannot be read, it is made of the place."""

    partition: int
    offset: int
    key: UUID
    head: Head | None


class HeadReader:
    """Decodes the head of datums, whatever stands after it."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._formats: dict[int, Any] = {}

    def read(self, value: bytes | None) -> Head | None:
        """Return a message value's head, None where it has none.

        Raises:
            TransientError: the registry did not answer.

        """
        try:
            schema_id, datum = wire.unframe(value)
            head_format = self._format(schema_id)
        except DatumError:
            return None
        except RegistryUnavailableError as error:
            raise TransientError(str(error)) from error
        try:
            fields = cast("dict[str, Any]", fastavro.schemaless_reader(io.BytesIO(datum), head_format, None))
            return _head(fields)
        except Exception:  # noqa: BLE001 - fastavro raises what its C code meets: any of it means bad bytes
            return None

    def _format(self, schema_id: int) -> Any:
        if schema_id not in self._formats:
            self._formats[schema_id] = _head_format(self._registry.by_id(schema_id))
        return self._formats[schema_id]


def _head_format(schema: RegisteredSchema) -> Any:
    fields = schema.definition["fields"]
    names = [field["name"] for field in fields]
    if schema.definition["name"] not in {EXECUTED.record, ANALYZED.record} or _LAST_FIELD not in names:
        raise DatumError(f"{schema.subject} holds no executions")
    head = [_plain(field) for field in fields[: names.index(_LAST_FIELD) + 1]]
    return fastavro.parse_schema({"type": "record", "name": "Head", "fields": head})


def _plain(field: dict[str, Any]) -> dict[str, Any]:
    kind = field["type"]
    return {**field, "type": kind["type"]} if isinstance(kind, dict) and "logicalType" in kind else field


def _head(fields: dict[str, Any]) -> Head:
    return Head(
        UUID(fields["event_id"]), fields["tenant_id"], fields["agent_id"], fields["sequence"], fields[_LAST_FIELD]
    )


def sighting_of(message: Message, head: Head | None) -> Sighting:
    """Return where a message of a topic of executions stands."""
    return _at(message.topic() or "", message.partition() or 0, offset_of(message), head)


@dataclass(frozen=True)
class Origin:
    """Where a dead letter's message stood, by its `dlq.*` headers."""

    message: Message

    @property
    def topic(self) -> str:
        """The topic, empty where the header is missing."""
        return self._headers.get("dlq.topic", "")

    def sighting(self, head: Head | None) -> Sighting:
        """Return the original message's place; the letter's own where the headers do not tell."""
        try:
            return _at(self.topic, int(self._headers["dlq.partition"]), int(self._headers["dlq.offset"]), head)
        except (KeyError, ValueError):
            return sighting_of(self.message, head)

    @cached_property
    def _headers(self) -> dict[str, str]:
        headers = cast("Sequence[tuple[str, bytes | None]]", self.message.headers() or ())
        return {name: (value or b"").decode("utf-8", "replace") for name, value in headers if name.startswith("dlq.")}


def sight(source: Source, message: Message, reader: HeadReader, topics: frozenset[str]) -> Sighting | None:
    """Return what a message tells; None for a dead letter of other topics than `topics`.

    Raises:
        TransientError: the registry did not answer.

    """
    if source is not Source.DEAD:
        return sighting_of(message, reader.read(value_of(message)))
    origin = Origin(message)
    return origin.sighting(reader.read(value_of(message))) if origin.topic in topics else None


def _at(topic: str, partition: int, offset: int, head: Head | None) -> Sighting:
    key = head.event_id if head is not None else uuid5(NAMESPACE_OID, f"{topic}/{partition}/{offset}")
    return Sighting(partition, offset, key, head)
