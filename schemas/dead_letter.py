"""What a dead letter carries beside the original key, value and headers, which stay untouched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from schemas.headers import Headers

_PREFIX = "dlq."
_REPLAYS = "dlq.replays"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Why a message could not be processed, and where it stood.

    `reason` is shown to people and must hold nothing of the message's text. `stage` is the process that gave up.
    """

    reason: str
    stage: str
    topic: str
    partition: int
    offset: int

    @classmethod
    def read(cls, headers: Sequence[tuple[str, bytes]]) -> Self | None:
        """Return what a dead letter's headers tell; None where they are not those of one."""
        own = {name: (value or b"").decode(errors="replace") for name, value in headers if name.startswith(_PREFIX)}
        try:
            return cls(
                reason=own["dlq.reason"],
                stage=own["dlq.stage"],
                topic=own["dlq.topic"],
                partition=int(own["dlq.partition"]),
                offset=int(own["dlq.offset"]),
            )
        except (KeyError, ValueError):
            return None

    def headers(self, original: Sequence[tuple[str, bytes]] | None) -> Headers:
        """Return the original headers, then this letter's own."""
        own = {
            "dlq.reason": self.reason,
            "dlq.stage": self.stage,
            "dlq.topic": self.topic,
            "dlq.partition": str(self.partition),
            "dlq.offset": str(self.offset),
            "dlq.time": datetime.now(UTC).isoformat(),
        }
        return [*(original or ()), *((name, value.encode()) for name, value in own.items())]


def original_headers(headers: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Return the headers that the message had before it became a dead letter or was sent again."""
    return [(name, value) for name, value in headers if not name.startswith(_PREFIX)]


def replays(headers: Sequence[tuple[str, bytes]]) -> int:
    """Return how often the message was sent again."""
    counts = [value for name, value in headers if name == _REPLAYS]
    return int(counts[-1]) if counts and (counts[-1] or b"").isdigit() else 0


def replay_headers(headers: Sequence[tuple[str, bytes]]) -> Headers:
    """Return the headers of a dead letter that is sent again: the original ones, then how often that happened."""
    return [*original_headers(headers), (_REPLAYS, str(replays(headers) + 1).encode())]
