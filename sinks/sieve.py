"""Finds the bad among many datums that ClickHouse refused together, faster than by asking it for each half.

ClickHouse decides whether a block is taken; only of a block that it refused does this look at each datum. What is bad
here is bad there too: no datum of its schema by the Avro specification, or beyond the limits of
`migrations/0009_limits.sql`.
"""

import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import fastavro

from schemas.catalog import RegisteredSchema

LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Times and ids of events lie before it ..."""
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""... and not before this."""
_LATEST_ID_MS = int(LATEST.timestamp() * 1000)
_TIMES = ("started_at", "ended_at", "analyzed_at")
_FAULTS: dict[type[Exception], str] = {
    UnicodeDecodeError: "a text is no UTF-8",
    EOFError: "it ends too early",
    IndexError: "a choice among types or symbols does not exist",
    OverflowError: "a number is out of range",
    ValueError: "a value is not of its type",
}


class Sieve:
    """Looks at datums of one schema."""

    def __init__(self, schema: RegisteredSchema) -> None:
        self._schema = schema

    def complaint(self, datum: bytes) -> str | None:
        """Return why a datum can be no row, in words that quote nothing of it; None where nothing is seen."""
        try:
            record: dict[str, Any] = fastavro.schemaless_reader(io.BytesIO(datum), self._schema.parsed, None)  # type: ignore[assignment]
        except Exception as error:  # noqa: BLE001 - fastavro raises what its C code meets: any of it means bad bytes
            return f"datum is no {self._schema.subject} version {self._schema.version}: {_fault(error)}"
        return _beyond_limits(record)


def _fault(error: Exception) -> str:
    for kind, words in _FAULTS.items():
        if isinstance(error, kind):
            return words
    return type(error).__name__


def _beyond_limits(record: dict[str, Any]) -> str | None:
    for name in _TIMES:
        time = record.get(name)
        if isinstance(time, datetime) and not EARLIEST <= time < LATEST:
            return f"{name} is not between {EARLIEST.year} and {LATEST.year}"
    event_id = record.get("event_id")
    if isinstance(event_id, UUID) and event_id.version == 7 and event_id.int >> 80 >= _LATEST_ID_MS:
        return f"event_id tells a time after {LATEST.year}"
    return None
