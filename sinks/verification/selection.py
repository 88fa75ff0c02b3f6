"""Which events are verified."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_FOREVER = datetime(2299, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Selection:
    """Events of a tenant and an agent (empty: of all), created from `since` until before `until` (None: at any time).

    An event's creation is the time its id carries. What cannot be read belongs to no tenant, agent or time.
    """

    tenant: str = ""
    agent: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def parameters(self) -> dict[str, Any]:
        """Return what the conditions refer to."""
        return {
            "tenant": self.tenant,
            "agent": self.agent,
            "since": self.since or _ALWAYS,
            "until": self.until or _FOREVER,
        }
