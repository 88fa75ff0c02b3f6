"""Encoding and decoding of single datums, for everyone who is not on the hot path.

Errors name the kind of fault and never quote the data: their text ends in dead letters and logs.
"""

import contextlib
import io
from collections.abc import Mapping
from typing import Any, cast

import fastavro

from schemas.catalog import RegisteredSchema
from schemas.errors import DatumError


def encode(schema: RegisteredSchema, record: Mapping[str, Any]) -> bytes:
    """Return a record's datum; absent fields take their schema's default.

    Raises:
        DatumError: the record does not fit the schema.

    """
    buffer = io.BytesIO()
    try:
        fastavro.schemaless_writer(buffer, schema.parsed, record)
    except (ValueError, TypeError, OverflowError, KeyError, AttributeError) as error:
        raise DatumError(
            f"record does not fit {schema.subject} version {schema.version}: {type(error).__name__}"
        ) from error
    return buffer.getvalue()


def decode(schema: RegisteredSchema, datum: bytes) -> dict[str, Any]:
    """Return the record a datum holds: UUIDs and UTC datetimes where the schema says so.

    Raises:
        DatumError: the datum is truncated, has bytes left over, or holds what the schema does not allow.

    """
    buffer = io.BytesIO(datum)
    try:
        record = cast("dict[str, Any]", fastavro.schemaless_reader(buffer, schema.parsed, None))
    except Exception as error:  # fastavro raises what its C code meets: any of it means bad bytes
        raise DatumError(f"datum is no {schema.subject} version {schema.version}: {type(error).__name__}") from error
    if buffer.tell() != len(datum):
        raise DatumError(f"{len(datum) - buffer.tell()} bytes follow the {schema.subject} datum")
    return record


def decode_start(schema: RegisteredSchema, datum: bytes) -> dict[str, Any]:
    """Return what a broken datum holds before its break: the longest run of leading fields that can be read.

    What was broken may well read as something: take it as a hint of what the datum was to be.
    """
    fields = schema.definition["fields"]
    for count in range(len(fields), 0, -1):
        start = fastavro.parse_schema({**schema.definition, "fields": fields[:count]})
        with contextlib.suppress(Exception):  # as above: any of them means bad bytes
            return cast("dict[str, Any]", fastavro.schemaless_reader(io.BytesIO(datum), start, None))
    return {}
