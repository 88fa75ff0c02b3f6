"""CommandExecuted as a Python value, for those who make or show single events."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import uuid_utils

ExecutionStatus = Literal["UNKNOWN", "OK", "FAILED", "TIMEOUT", "DENIED"]

STDERR_MARKER = "--- stderr ---"
"""The line of an output after which standard error stands."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_event_id() -> UUID:
    """Return a new UUID version 7 (RFC 9562): the event's identity and time of creation."""
    return UUID(int=uuid_utils.uuid7().int)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandExecuted:
    """One execution of a command; the fields are those of schemas/source/CommandExecuted.avsc."""

    event_id: UUID = field(default_factory=new_event_id)
    tenant_id: str = "default"
    device_id: str
    hostname: str = ""
    agent_id: str = ""
    agent_version: str = ""
    user_id: str = ""
    session_id: str | None = None
    sequence: int = 0
    started_at: datetime = EPOCH
    ended_at: datetime = EPOCH
    duration_us: int = 0
    trace_id: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    redaction_version: str = ""
    redactions: int = 0
    output_bytes: int = 0
    output_truncated: bool = False
    output_sha256: str = ""
    os_type: str = ""
    command: str = ""
    status: ExecutionStatus = "UNKNOWN"
    exit_code: int | None = None
    output: str = ""

    @property
    def key(self) -> bytes:
        """The message key: all of a device's events go to one partition, in order."""
        return f"{self.tenant_id}/{self.device_id}".encode()

    def record(self) -> dict[str, Any]:
        """Return the fields as the codec takes them."""
        return {name: getattr(self, name) for name in FIELD_NAMES}


FIELD_NAMES = tuple(field.name for field in fields(CommandExecuted))


def output_digest(output: str) -> str:
    """Return the SHA-256 of an output's UTF-8 bytes as 64 hexadecimal digits."""
    return hashlib.sha256(output.encode()).hexdigest()
