"""An event on its way: encoded, but not yet under the schema id of a particular registry."""

import io
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

import fastavro

from producers.errors import UnreadableEventError
from schemas import catalog, codec, headers, topics
from schemas.errors import UnknownSchemaError
from schemas.event import EPOCH, CommandExecuted
from schemas.headers import Headers

_SCHEMA = fastavro.parse_schema(
    {
        "type": "record",
        "name": "Envelope",
        "namespace": "netcopilot.spool",
        "fields": [
            {"name": "schema_id", "type": "int"},
            {"name": "key", "type": "bytes"},
            {"name": "datum", "type": "bytes"},
            {
                "name": "headers",
                "type": {
                    "type": "array",
                    "items": {
                        "type": "record",
                        "name": "Header",
                        "fields": [{"name": "name", "type": "string"}, {"name": "value", "type": "bytes"}],
                    },
                },
            },
        ],
    }
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message without its frame.

    `schema_id` is the package's own, stable id (schemas.catalog) of the schema that wrote the datum: an event may wait
    on disk for a registry that nobody can ask yet, and outlive an upgrade of the agent.
    """

    schema_id: int
    key: bytes
    datum: bytes
    headers: Headers

    @property
    def ended_at(self) -> datetime:
        """When the command ended, by the device's clock; the epoch where the headers do not tell."""
        value = dict(self.headers).get("ce_time")
        return datetime.fromisoformat(value.decode()) if isinstance(value, bytes) else EPOCH

    def to_bytes(self) -> bytes:
        """Return the envelope as the spool keeps it."""
        buffer = io.BytesIO()
        record = asdict(self) | {"headers": [{"name": name, "value": value} for name, value in self.headers]}
        fastavro.schemaless_writer(buffer, _SCHEMA, record)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Envelope":
        """Return what to_bytes() kept.

        Raises:
            UnreadableEventError: it is none, or its schema is of a newer version.

        """
        try:
            record = cast("dict[str, Any]", fastavro.schemaless_reader(io.BytesIO(data), _SCHEMA, None))
            catalog.by_id(record["schema_id"])
        except UnknownSchemaError as error:
            raise UnreadableEventError(f"{error}; a newer version of the agent wrote it") from error
        except Exception as error:  # fastavro raises what its C code meets: any of it means bad bytes
            raise UnreadableEventError(
                f"{len(data)} bytes of the spool are no event: {type(error).__name__}"
            ) from error
        kept = [(header["name"], header["value"]) for header in record["headers"]]
        return cls(record["schema_id"], record["key"], record["datum"], kept)


def seal(event: CommandExecuted, *, traceparent: str | None = None) -> Envelope:
    """Encode an event under the newest schema of the package."""
    schema = catalog.latest(topics.EXECUTED.subject)
    return Envelope(
        schema_id=schema.schema_id,
        key=event.key,
        datum=codec.encode(schema, event.record()),
        headers=headers.for_execution(event, traceparent=traceparent),
    )
