"""Frames raw datums as an Avro object container, without decoding one.

Format: Apache Avro specification, "Object Container Files". Before each datum go the event's coordinates in Kafka: the
container's writer schema is the event's with three fields put in front. Each datum is a container block of its own
(count 1), so a truncated datum cannot reach into its neighbour's bytes, whoever wrote it; ClickHouse reads this as
fast as one large block. Because the coordinates stand in front, no datum can forge them. As with every Avro reader,
bytes after a complete datum are ignored.
"""

import json
import os
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from schemas.catalog import RegisteredSchema
from schemas.datum import zigzag

TOPIC_ID_SIZE = 16
_COORDINATES: tuple[dict[str, Any], ...] = (
    {"name": "kafka_topic_id", "type": {"type": "fixed", "name": "KafkaTopicId", "size": TOPIC_ID_SIZE}},
    {"name": "kafka_partition", "type": "int"},
    {"name": "kafka_offset", "type": "long"},
)
_MAGIC = b"Obj\x01"
_ONE = zigzag(1)
_often = lru_cache(maxsize=8192)(zigzag)
"""For numbers that come again and again."""


class Datum(NamedTuple):
    """One event's bytes and where they stood in their topic."""

    partition: int
    offset: int
    data: bytes


class ContainerFormat:
    """The container of one event schema."""

    def __init__(self, schema: RegisteredSchema) -> None:
        fields = [*_COORDINATES, *schema.definition["fields"]]
        self.columns = tuple(str(field["name"]) for field in fields)
        """The names of the fields, in their order."""
        self._sync = os.urandom(16)
        self._header = _header(json.dumps({**schema.definition, "fields": fields}).encode())

    def frame(self, topic_id: bytes, datums: Iterable[Datum]) -> bytes:
        """Return the container that holds these datums of one topic incarnation."""
        next_block = self._sync + _ONE
        parts = [self._header]
        for partition, offset, data in datums:
            coordinates = topic_id + _often(partition) + zigzag(offset)
            parts += (next_block, _often(len(coordinates) + len(data)), coordinates, data)
        parts.append(self._sync)
        return b"".join(parts)


def _header(schema: bytes) -> bytes:
    """Return the header but for the sync marker at its end."""
    metadata = {b"avro.schema": schema, b"avro.codec": b"null"}
    pairs = b"".join(_sized(key) + _sized(value) for key, value in metadata.items())
    return _MAGIC + zigzag(len(metadata)) + pairs + zigzag(0)


def _sized(data: bytes) -> bytes:
    return zigzag(len(data)) + data
