"""A device and how it is."""

from pydantic import BaseModel, Field

from api.models.command import Verdict
from api.models.timestamp import Timestamp


class OpenFindings(BaseModel):
    """Findings in the latest execution of each of the device's commands, by severity."""

    info: int = 0
    warning: int = 0
    critical: int = 0


class Device(BaseModel):
    """A device that has reported at least once."""

    device_id: str
    hostname: str
    os_type: str
    last_seen: Timestamp
    events: int = Field(description="Executions kept.")
    last_verdict: Verdict
    open_findings: OpenFindings


class DevicePage(BaseModel):
    """Devices by device_id."""

    items: list[Device]
    next: str | None = Field(description="Cursor of the next page; null on the last.")
