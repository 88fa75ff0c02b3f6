"""Frames that are written together, joined once for all streams that carry them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from api.live.event import LiveEvent
from api.live.notice import Frame


@dataclass(frozen=True)
class Portion:
    """Some frames in their order."""

    frames: Sequence[Frame]

    @cached_property
    def sse(self) -> bytes:
        """All of them as `text/event-stream`."""
        return b"".join(frame.sse for frame in self.frames)

    @cached_property
    def events(self) -> int:
        """How many of them are events."""
        return sum(isinstance(frame, LiveEvent) for frame in self.frames)
