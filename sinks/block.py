"""A block: consecutive messages of one partition, written, counted and retried as one."""

import threading
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from confluent_kafka import Message

from schemas import wire
from schemas.errors import DatumError


@dataclass(frozen=True, slots=True)
class Place:
    """A partition, within one life of its topic."""

    topic_id: bytes
    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Run:
    """Messages of a block that share a schema, or share the fault that they name none; in order."""

    place: Place
    schema: int | str
    """The schema id, or why there is none."""
    messages: tuple[Message, ...]

    @property
    def first_offset(self) -> int:
        """Offset of the first message."""
        return offset_of(self.messages[0])

    @property
    def last_offset(self) -> int:
        """Offset of the last message."""
        return offset_of(self.messages[-1])

    @property
    def token(self) -> str:
        """What names these rows for ClickHouse's deduplication: topic incarnation, partition and offsets.

        Where messages between the first and the last are not among them, how many there are is part of it.
        """
        rows, span = len(self.messages), self.last_offset - self.first_offset + 1
        gaps = "" if rows == span else f"/{rows}"
        return f"{self.place.topic_id.hex()}/{self.place.partition}/{self.first_offset}-{self.last_offset}{gaps}"

    def without(self, offsets: AbstractSet[int]) -> "Run":
        """Return the run without the messages at these offsets."""
        left = tuple(message for message in self.messages if offset_of(message) not in offsets)
        return replace(self, messages=left)

    def halves(self) -> tuple["Run", "Run"]:
        """Return two runs of about the same length, in order; the same two each time."""
        middle = len(self.messages) // 2
        return replace(self, messages=self.messages[:middle]), replace(self, messages=self.messages[middle:])


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """At least one message. `since` is the monotonic time at which the first was received."""

    place: Place
    messages: Sequence[Message]
    since: float
    weight: int = 0
    """Bytes of memory that the messages take."""
    cancelled: threading.Event = field(default_factory=threading.Event)
    """Set when the partition went to another sink, which will write the block again."""

    @property
    def next_offset(self) -> int:
        """The offset after the last message."""
        return offset_of(self.messages[-1]) + 1

    @property
    def size(self) -> int:
        """Bytes of the messages' values."""
        return sum(map(len, self.messages))

    def runs(self) -> Iterator[Run]:
        """Return the block's messages by schema; the same runs for the same messages."""
        found: dict[int | str, list[Message]] = {}
        for message in self.messages:
            found.setdefault(_schema(message), []).append(message)
        for schema, messages in found.items():
            yield Run(self.place, schema, tuple(messages))


def offset_of(message: Message) -> int:
    """Return a fetched message's offset."""
    offset = message.offset()
    if offset is None:
        raise ValueError("a message that was not fetched has no offset")
    return int(offset)


def datum_of(message: Message) -> bytes:
    """Return the datum of a framed message."""
    return (value_of(message) or b"")[wire.HEADER_SIZE :]


def value_of(message: Message) -> bytes | None:
    """Return a fetched message's value as bytes."""
    value = message.value()
    return value.encode() if isinstance(value, str) else value


def _schema(message: Message) -> int | str:
    try:
        return wire.schema_id_of(value_of(message))
    except DatumError as error:
        return str(error)
