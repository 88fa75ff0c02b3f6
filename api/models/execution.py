"""An execution as agents without Kafka hand it in: the fields of CommandExecuted."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import UUID7, AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from api.models.command import Status

_CLOCK_AHEAD = timedelta(hours=1)
_LONG = 2**63 - 1
_INT = 2**31 - 1

Name = Annotated[str, StringConstraints(max_length=256, pattern=r"^[^\x00-\x1f\x7f]*$")]


def _storable(moment: datetime) -> datetime:
    if not datetime(1970, 1, 1, tzinfo=UTC) <= moment < datetime(2200, 1, 1, tzinfo=UTC):
        raise ValueError("must be between 1970 and 2200")
    return moment


def _made_by_now(event_id: UUID) -> UUID:
    created = datetime.fromtimestamp((event_id.int >> 80) / 1000, UTC)
    if created > datetime.now(UTC) + _CLOCK_AHEAD:
        raise ValueError("the time in it is more than an hour ahead")
    return event_id


Moment = Annotated[AwareDatetime, AfterValidator(_storable)]


class Execution(BaseModel):
    """One execution. What is not given takes a default; the output and the command are redacted on arrival."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    device_id: Name = Field(min_length=1, description="Stable identity of the device the command ran on.")
    command: str = Field(min_length=1, max_length=65_536, description="The command line.")
    output: str = Field(description="Standard output, then standard error.")

    event_id: Annotated[UUID7, AfterValidator(_made_by_now)] | None = Field(
        None, description="UUID version 7; give one and a repeated request stores the event once."
    )
    tenant_id: Name | None = Field(None, description="The API's own tenant, or nothing.")
    hostname: Name = Field("", description="The device's name as its operators know it.")
    agent_id: Name = Field("", description="Identity of the reporting agent.")
    agent_version: Name = ""
    user_id: Name = Field("", description="Who ran the command.")
    session_id: Name | None = Field(None, description="Groups the commands of one sitting.")
    sequence: int = Field(0, ge=0, le=_LONG, description="Counts per agent, from 1.")
    started_at: Moment | None = Field(None, description="When the command started; the time of arrival where absent.")
    ended_at: Moment | None = Field(None, description="When it ended; started_at and duration_us where absent.")
    duration_us: int | None = Field(None, ge=0, le=_LONG, description="Microseconds; from the two times where absent.")
    trace_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] | None = Field(
        None, description="W3C trace id."
    )
    labels: dict[Name, Name] = Field(default_factory=dict, max_length=64)
    redaction_version: Name = Field("", description="Ignored: the API's own rules are applied.")
    redactions: int = Field(0, ge=0, le=_INT - 1_000_000, description="Secrets replaced by the agent.")
    output_bytes: int | None = Field(None, ge=0, le=_LONG, description="Bytes before truncation and redaction.")
    output_truncated: bool = False
    output_sha256: str = Field("", max_length=64, description="Ignored: computed after redaction.")
    os_type: Name = Field("", description="linux, ios, iosxe, nxos, eos, junos, cumulus, ...")
    status: Status | None = Field(None, description="OK or FAILED by the exit code where absent.")
    exit_code: int | None = Field(None, ge=-_INT - 1, le=_INT)


class Accepted(BaseModel):
    """The broker has acknowledged these events."""

    accepted: int
    event_ids: list[UUID] = Field(description="In the order of the request.")
