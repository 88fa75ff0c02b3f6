"""Which executions are analysed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from schemas.event import EPOCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Conditions that an execution meets together; what is empty asks for nothing."""

    tenant: str = ""
    device: str = ""
    os_type: str = ""
    command: str = ""
    """How the command line begins."""
    since: datetime | None = None
    until: datetime
    """The first moment that is too late. Both are compared with the event's creation, as its id tells it."""

    def takes(self, record: Mapping[str, Any]) -> bool:
        """Return whether the execution with these fields is meant."""
        return (
            self.tenant in ("", record["tenant_id"])
            and self.device in ("", record["device_id"])
            and self.os_type in ("", record["os_type"])
            and record["command"].startswith(self.command)
            and self._holds(created(record["event_id"]))
        )

    def _holds(self, moment: datetime) -> bool:
        return (self.since is None or moment >= self.since) and moment < self.until


def created(event_id: UUID) -> datetime:
    """Return when an event was created (RFC 9562: a UUID version 7 begins with milliseconds since the Unix epoch)."""
    return EPOCH + timedelta(milliseconds=event_id.int >> 80)
