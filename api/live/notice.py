"""What a live stream says about itself, between the events.

Each frame has two renderings: a block of `text/event-stream`, and the text of a WebSocket frame.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pydantic_core import to_json

from api.live.position import Position

RECONNECT_MILLISECONDS = 2000


class Frame(Protocol):
    """Something that is written to a live stream."""

    @property
    def sse(self) -> bytes:
        """The block for `text/event-stream`."""

    @property
    def websocket(self) -> str:
        """The text for a WebSocket frame."""


class GapReason(StrEnum):
    """Why events between the last one seen and the next are missing."""

    REPLAY_LIMIT = "replay_limit"
    """More events passed than a resuming stream is given again."""
    TOPIC_RECREATED = "topic_recreated"
    """The topic that the id belongs to is no more."""
    UNKNOWN_POSITION = "unknown_position"
    """The id is none of this stream's."""
    UNREACHABLE = "unreachable"
    """The broker did not answer in time."""


class EndReason(StrEnum):
    """Why the API ends a stream."""

    TOO_SLOW = "too_slow"
    """The client read more slowly than events came."""
    SHUTDOWN = "shutdown"
    """The process stops."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The stream is open; events follow this position, where it is known yet."""

    position: Position | None
    heartbeat_seconds: float

    @property
    def sse(self) -> bytes:
        """A `hello` event, with how soon to reconnect."""
        block = b"event: hello\ndata: %s\n\n" % to_json({"heartbeat_seconds": self.heartbeat_seconds})
        return b"retry: %d\n" % RECONNECT_MILLISECONDS + _id_line(self.position) + block

    @property
    def websocket(self) -> str:
        """A frame of type `hello`."""
        return _frame("hello", id=_id(self.position), heartbeat_seconds=self.heartbeat_seconds)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing came for a while; a stream that resumes need not go back further than this."""

    position: Position | None

    @property
    def sse(self) -> bytes:
        """A comment and an id: browsers keep the id and tell the page nothing."""
        return b": heartbeat\n" + _id_line(self.position) + b"\n"

    @property
    def websocket(self) -> str:
        """A frame of type `heartbeat`."""
        return _frame("heartbeat", id=_id(self.position))


@dataclass(frozen=True, slots=True)
class Gap:
    """Events are missing here; the history has them."""

    reason: GapReason
    missed: int | None = None
    """How many, where that is known."""

    @property
    def sse(self) -> bytes:
        """A `gap` event."""
        return b"event: gap\ndata: %s\n\n" % to_json({"reason": self.reason, "missed": self.missed})

    @property
    def websocket(self) -> str:
        """A frame of type `gap`."""
        return _frame("gap", reason=self.reason, missed=self.missed)


@dataclass(frozen=True, slots=True)
class End:
    """The last frame; the client may connect again and resume from the last id."""

    reason: EndReason

    @property
    def sse(self) -> bytes:
        """An `end` event."""
        return b"event: end\ndata: %s\n\n" % to_json({"reason": self.reason})

    @property
    def websocket(self) -> str:
        """A frame of type `end`."""
        return _frame("end", reason=self.reason)


class StreamEndedError(Exception):
    """The API ends the stream; everything before has been taken from it."""

    def __init__(self, reason: EndReason) -> None:
        super().__init__(reason)
        self.reason = reason


def _frame(kind: str, **fields: object) -> str:
    return to_json({"type": kind, **fields}).decode()


def _id(position: Position | None) -> str | None:
    return None if position is None else str(position)


def _id_line(position: Position | None) -> bytes:
    return b"" if position is None else b"id: %s\n" % str(position).encode()
