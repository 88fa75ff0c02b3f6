"""A moment as clients see it."""

from typing import Annotated

from pydantic import Field

Timestamp = Annotated[
    str,
    Field(
        description="RFC 3339, UTC, microseconds.",
        examples=["2026-01-31T12:00:00.000000Z"],
        json_schema_extra={"format": "date-time"},
    ),
]
"""Text, because ClickHouse writes it as it is served."""
