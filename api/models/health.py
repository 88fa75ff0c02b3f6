"""How the process is."""

from typing import Literal

from pydantic import BaseModel, Field


class Health(BaseModel):
    """The answer to a health check; its status is 200 or 503."""

    status: Literal["ok", "failing"]
    probes: dict[str, str] = Field(description="What each probe found.")
