"""The query of GET /v1/commands."""

from typing import Annotated

from pydantic import Field

from api.models.command import Status, Verdict
from api.parameters import Parameters
from api.timepoint import Timepoint

Text = Annotated[str, Field(max_length=256)]


def _any_of(description: str) -> list[Text]:
    field: list[Text] = Field(
        default_factory=list, max_length=50, description=f"{description} Repeat for any of several."
    )
    return field


class HistoryParameters(Parameters):
    """Which executions, and which page of them. Several filters must all hold."""

    device: list[Text] = _any_of("Device id.")
    user: list[Text] = _any_of("User id.")
    os_type: list[Text] = _any_of("Operating system: linux, ios, nxos, ...")
    verdict: list[Verdict] = Field(default_factory=list, description="Verdict. Repeat for any of several.")
    finding: list[Text] = _any_of("Kind of a finding, as in interface.down.")
    status: list[Status] = Field(default_factory=list, description="Status. Repeat for any of several.")
    command: Text | None = Field(None, description="What the command line begins with.")
    q: Text | None = Field(None, description="Text in command, output or summary; case does not matter.")
    since: Timepoint | None = Field(None, description="Executions started from this time on.")
    until: Timepoint | None = Field(None, description="Executions started before this time.")
    limit: int = Field(50, ge=1, le=500, description="Items on a page.")
    cursor: Annotated[str, Field(max_length=512)] | None = Field(None, description="`next` of the page before.")
