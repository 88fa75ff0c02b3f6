"""What one Faust message of this driver holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol


class Record(Protocol):
    """A Kafka record as aiokafka hands it over."""

    @property
    def offset(self) -> int:
        """Position in the partition."""

    @property
    def timestamp(self) -> int:
        """Milliseconds since the Unix epoch."""

    @property
    def key(self) -> bytes | None:
        """The message key."""

    @property
    def value(self) -> bytes | None:
        """The message value; None is a tombstone."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """The message headers, in order."""


class Partition(NamedTuple):
    """A topic's partition; equal to Faust's and aiokafka's own tuples."""

    topic: str
    partition: int


@dataclass(eq=False)
class RecordBatch:
    """The records one fetch brought for one partition, in offset order, at least one."""

    source: Partition
    records: Sequence[Record]
    completed: bool = field(default=False, init=False)
    """Set once every record's outcome is safe in the broker; only then does an acknowledgement count."""

    @property
    def last_offset(self) -> int:
        """Offset of the last record."""
        return self.records[-1].offset

    @cached_property
    def size(self) -> int:
        """Bytes of all values."""
        return sum(len(record.value or b"") for record in self.records)
