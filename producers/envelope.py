"""An event on its way: encoded, but not yet under the schema id of a particular registry."""

import io
from dataclasses import asdict, dataclass
from typing import Any, cast

import fastavro

from schemas import catalog, codec, headers, topics
from schemas.event import CommandExecuted
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

    def to_bytes(self) -> bytes:
        """Return the envelope as the spool keeps it."""
        buffer = io.BytesIO()
        record = asdict(self) | {"headers": [{"name": name, "value": value} for name, value in self.headers]}
        fastavro.schemaless_writer(buffer, _SCHEMA, record)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Envelope":
        """Return what to_bytes() kept."""
        record = cast("dict[str, Any]", fastavro.schemaless_reader(io.BytesIO(data), _SCHEMA, None))
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
