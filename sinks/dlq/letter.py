"""A message of the dead-letter topic."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self, cast

from confluent_kafka import Message

from schemas.dead_letter import DeadLetter, replays
from sinks.block import offset_of, value_of

_UNTOLD = DeadLetter(reason="it has no dlq.* headers", stage="unknown", topic="", partition=-1, offset=-1)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the dead-letter topic, written `PARTITION:OFFSET`."""

    partition: int
    offset: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the position that the text names.

        Raises:
            ValueError: it is none.

        """
        partition, _, offset = text.partition(":")
        if not (partition.isdecimal() and offset.isdecimal()):
            raise ValueError(f"{text!r} is no PARTITION:OFFSET")
        return cls(int(partition), int(offset))

    @property
    def next(self) -> "Position":
        """The position behind this one."""
        return Position(self.partition, self.offset + 1)

    def __str__(self) -> str:
        """Return what parse() takes."""
        return f"{self.partition}:{self.offset}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter: the message as it was, with all its headers, and what is known of its end."""

    position: Position
    time: datetime
    death: DeadLetter
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, message: Message) -> Self:
        """Return the letter that a fetched message carries."""
        headers = tuple(cast("list[tuple[str, bytes]]", message.headers() or []))
        key = message.key()
        return cls(
            position=Position(message.partition() or 0, offset_of(message)),
            time=datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC),
            death=DeadLetter.read(headers) or _UNTOLD,
            key=key.encode() if isinstance(key, str) else key,
            value=value_of(message),
            headers=headers,
        )

    @property
    def size(self) -> int:
        """Bytes of the value."""
        return len(self.value or b"")

    @property
    def replays(self) -> int:
        """How often it was sent again before it came here."""
        return replays(self.headers)

    @property
    def tenant(self) -> str:
        """The tenant that its key names; empty without a key."""
        return (self.key or b"").partition(b"/")[0].decode(errors="replace")
