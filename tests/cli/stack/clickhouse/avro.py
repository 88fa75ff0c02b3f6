"""Avro blocks as the sink sends them."""

import io
from collections.abc import Sequence

import fastavro

TABLE = (
    "(id UInt64, name String, at DateTime64(6, 'UTC')) ENGINE = MergeTree ORDER BY id "
    "SETTINGS non_replicated_deduplication_window = 100"
)
_SCHEMA = fastavro.parse_schema(
    {
        "type": "record",
        "name": "Row",
        "fields": [
            {"name": "id", "type": "long"},
            {"name": "name", "type": "string"},
            {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        ],
    }
)


def block(ids: Sequence[int]) -> bytes:
    """One object container with a row for each id."""
    container = io.BytesIO()
    rows = ({"id": number, "name": f"name of {number} ü", "at": 1_700_000_000_000_000 + number} for number in ids)
    fastavro.writer(container, _SCHEMA, rows, sync_interval=1 << 20)
    return container.getvalue()
