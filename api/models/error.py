"""The one shape of an error."""

from typing import Any

from pydantic import BaseModel, Field


class ErrorBody(BaseModel):
    """What went wrong."""

    code: str = Field(description="Stable name of the error, snake_case.", examples=["not_found"])
    message: str = Field(description="What happened and what to do about it, for people.")
    details: dict[str, Any] | None = Field(None, description="Facts for programs: problems by place, known values.")
    request_id: str = Field(description="The request's X-Request-Id; the log carries it too.")


class ErrorEnvelope(BaseModel):
    """Every answer that is no success."""

    error: ErrorBody
