"""The query of GET /v1/suggestions."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.models.command import Verdict
from api.parameters import Parameters

_Text = Annotated[str, Field(max_length=1000)]


class SuggestionParameters(Parameters):
    """What is at hand. One of os_type, device and event_id must say which kind of system is asked about."""

    os_type: Annotated[str, Field(max_length=100)] | None = Field(None, description="linux, ios, eos, ...")
    after: _Text | None = Field(
        None, description="The last command as it was typed; absent: the device's or the execution's."
    )
    prefix: _Text | None = Field(
        None, description="What is typed already; each of its words may be shortened, as in `sh ip ro`."
    )
    verdict: Verdict | None = Field(None, description="What the last command showed; absent: as found with it.")
    device: Annotated[str, Field(max_length=255)] | None = Field(
        None, description="Device whose last command, or last run of `after`, is the context."
    )
    event_id: UUID | None = Field(None, description="Execution that is the context, instead of the device's last.")
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{32}$")] | None = Field(
        None, description="Fingerprint whose explanation by a model is asked for suggestions; absent: the execution's."
    )
    limit: int = Field(10, ge=1, le=50, description="Most suggestions.")
