"""The query of the live streams."""

from typing import Annotated

from pydantic import Field

from api.models.command import Verdict
from api.models.history_query import Text
from api.parameters import Parameters


class LiveParameters(Parameters):
    """Which events a stream carries. Several filters must all hold."""

    device: list[Text] = Field(default_factory=list, max_length=50, description="Device id; repeatable.")
    os_type: list[Text] = Field(default_factory=list, max_length=50, description="Operating system; repeatable.")
    verdict: list[Verdict] = Field(default_factory=list, description="Verdict; repeatable.")
    finding: list[Text] = Field(default_factory=list, max_length=50, description="Kind of a finding; repeatable.")
    after: Annotated[str, Field(max_length=4096)] | None = Field(
        None, description="Id of the last event seen, to resume after it; the Last-Event-ID header goes before it."
    )
