"""Which events a live stream carries."""

from dataclasses import dataclass

from api.live.event import LiveEvent
from api.models.live_query import LiveParameters


@dataclass(frozen=True, slots=True)
class Selection:
    """Conditions that must all hold; an empty one always does."""

    devices: frozenset[str]
    os_types: frozenset[str]
    verdicts: frozenset[str]
    findings: frozenset[str]

    def admits(self, event: LiveEvent) -> bool:
        """Tell whether the event belongs on the stream."""
        return (
            (not self.devices or event.device_id in self.devices)
            and (not self.os_types or event.os_type in self.os_types)
            and (not self.verdicts or event.verdict in self.verdicts)
            and (not self.findings or not self.findings.isdisjoint(event.kinds))
        )


def selection(asked: LiveParameters) -> Selection:
    """Return the selection that a stream's parameters ask for."""
    return Selection(
        devices=frozenset(asked.device),
        os_types=frozenset(asked.os_type),
        verdicts=frozenset(asked.verdict),
        findings=frozenset(asked.finding),
    )
