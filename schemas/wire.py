"""Confluent wire format: magic byte 0, schema id as four bytes big-endian, then the Avro datum.

Format: Confluent documentation, "Schema Registry: Formats, Serializers, and Deserializers: Wire format".
"""

from schemas.errors import DatumError

MAGIC_BYTE = 0
HEADER_SIZE = 5
TOMBSTONE = "null value: a tombstone is no event"
"""What is wrong with a message without a value."""


def header(schema_id: int) -> bytes:
    """Return the five bytes that stand before a datum of this schema."""
    return MAGIC_BYTE.to_bytes(1, "big") + schema_id.to_bytes(4, "big")


def frame(schema_id: int, datum: bytes) -> bytes:
    """Return the message value for a datum."""
    return header(schema_id) + datum


def schema_id_of(value: bytes | None) -> int:
    """Return the schema id that a message value names.

    Raises:
        DatumError: the value is null, too short, or does not start with the magic byte.

    """
    if value is None:
        raise DatumError(TOMBSTONE)
    if len(value) < HEADER_SIZE:
        raise DatumError(f"{len(value)} bytes are too short for a framed datum (at least {HEADER_SIZE})")
    if value[0] != MAGIC_BYTE:
        raise DatumError(f"magic byte is {value[0]}, expected {MAGIC_BYTE}: not Confluent-framed Avro")
    return int.from_bytes(value[1:HEADER_SIZE], "big")


def unframe(value: bytes | None) -> tuple[int, bytes]:
    """Split a message value into schema id and datum.

    Raises:
        DatumError: as in schema_id_of().

    """
    schema_id = schema_id_of(value)
    return schema_id, bytes(value or b"")[HEADER_SIZE:]
