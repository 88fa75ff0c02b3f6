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
    next_offset: int = field(init=False)
    """Where reading goes on: behind the last record, and behind offsets after it that no record has."""
    safe_offset: int = field(init=False)
    """The first offset whose outcome is not yet safe in the broker."""
    withdrawn: bool = field(default=False, init=False)
    """Set when the partition is given up: nothing more of the batch shall be published."""

    def __post_init__(self) -> None:
        self.next_offset = self.last_offset + 1
        self.safe_offset = self.records[0].offset

    def secure(self, offset: int) -> None:
        """Note that the outcomes of all records up to this one are safe in the broker."""
        self.safe_offset = offset + 1

    def complete(self) -> None:
        """Note that every record's outcome is safe in the broker; only then does an acknowledgement count."""
        self.secure(self.last_offset)

    @property
    def completed(self) -> bool:
        """Whether every record's outcome is safe in the broker."""
        return self.safe_offset > self.last_offset

    @property
    def begun(self) -> bool:
        """Whether any record's outcome is safe in the broker."""
        return self.safe_offset > self.records[0].offset

    @property
    def last_offset(self) -> int:
        """Offset of the last record."""
        return self.records[-1].offset

    @cached_property
    def size(self) -> int:
        """Bytes of all values."""
        return sum(len(record.value or b"") for record in self.records)
