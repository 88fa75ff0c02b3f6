"""The query of GET /v1/devices."""

from typing import Annotated

from pydantic import Field

from api.parameters import Parameters


class DeviceParameters(Parameters):
    """Which page of the devices."""

    limit: int = Field(50, ge=1, le=500, description="Devices on a page.")
    cursor: Annotated[str, Field(max_length=1024)] | None = Field(None, description="`next` of the page before.")
