"""What one replay is about; the same scope has the same name, whoever asks for it when."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from streams.replay.bound import Bound
from streams.replay.selection import Selection


class Origin(StrEnum):
    """Where history is read."""

    KAFKA = "kafka"
    CLICKHOUSE = "clickhouse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A stretch of history, and what of it is meant."""

    origin: Origin
    begin: Bound
    end: Bound | None
    """None: what there was when the replay began."""
    begun_at: datetime
    tenant: str = ""
    device: str = ""
    os_type: str = ""
    command: str = ""
    everything: bool = False
    """Whether analyses that did not change are published too."""
    explain: bool = False

    @property
    def name(self) -> str:
        """Twelve hexadecimal digits made of all that was asked for."""
        asked = {name: value for name, value in self.record().items() if name != "begun_at"}
        return hashlib.blake2b(json.dumps(asked, sort_keys=True).encode(), digest_size=6).hexdigest()

    @property
    def selection(self) -> Selection:
        """The conditions on executions."""
        end = self.end.moment if self.end is not None else None
        return Selection(
            tenant=self.tenant,
            device=self.device,
            os_type=self.os_type,
            command=self.command,
            since=self.begin.moment,
            until=end or self.begun_at,
        )

    def record(self) -> dict[str, Any]:
        """Return the scope as JSON keeps it."""
        return {
            "origin": self.origin.value,
            "begin": str(self.begin),
            "end": str(self.end) if self.end is not None else None,
            "begun_at": self.begun_at.isoformat(),
            "tenant": self.tenant,
            "device": self.device,
            "os_type": self.os_type,
            "command": self.command,
            "everything": self.everything,
            "explain": self.explain,
        }

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Return the scope of a record; raises KeyError or ValueError where it is none."""
        begun_at = datetime.fromisoformat(record["begun_at"])
        bounds = {name: Bound.parse(record[name], now=begun_at) if record[name] else None for name in ("begin", "end")}
        return cls(**{**record, **bounds, "origin": Origin(record["origin"]), "begun_at": begun_at})
