"""Which dead letters are meant."""

from dataclasses import dataclass, replace
from datetime import datetime

from sinks.dlq.letter import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Conditions that a letter meets together; what is None or empty asks for nothing."""

    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is too late."""
    stage: str = ""
    reason: str = ""
    """Some of the reason's words, in any case."""
    topic: str = ""
    """How the name of the topic that it came from ends, so that a broker's prefix need not be told."""
    tenant: str = ""

    def takes(self, letter: Letter) -> bool:
        """Return whether the letter is meant."""
        return (
            (self.since is None or letter.time >= self.since)
            and (self.until is None or letter.time < self.until)
            and self.stage in ("", letter.death.stage)
            and self.reason.lower() in letter.death.reason.lower()
            and letter.death.topic.endswith(self.topic)
            and self.tenant in ("", letter.tenant)
        )

    def before(self, moment: datetime) -> "Selection":
        """Return the selection without what died at the moment or later."""
        return replace(self, until=min(self.until or moment, moment))
