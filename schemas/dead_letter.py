"""What a dead letter carries beside the original key, value and headers, which stay untouched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from schemas.headers import Headers


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
