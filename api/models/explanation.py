"""What a model said of a fingerprint, filled in for one execution."""

from typing import Literal

from pydantic import BaseModel, Field

from api.models.timestamp import Timestamp

ExplanationStatus = Literal["explained", "pending", "ungrounded", "none"]
RiskName = Literal["READ_ONLY", "APPROVAL_REQUIRED"]


class ExplanationSuggestion(BaseModel):
    """A command that a model proposes; nothing runs it."""

    command: str = Field(description="With this execution's own names where they are plain words.")
    reason: str
    risk: RiskName = Field(description="Decided by rules, never by the model; what destroys is not shown at all.")


class Explanation(BaseModel):
    """A model's words, which may be wrong; the verdict and the findings never come from it.

    `explained`: the words are here. `pending`: a model was asked or will be. `ungrounded`: a model answered with what
    the output does not hold, so its words are kept back. `none`: nobody was asked.
    """

    status: ExplanationStatus
    text: str | None = Field(None, description="Null unless explained.")
    likely_causes: list[str] = []
    suggestions: list[ExplanationSuggestion] = []
    model: str | None = Field(None, description="Name of the model that answered.")
    prompt_version: str | None = None
    confidence: float | None = Field(None, description="The model's own estimate, 0 to 1.")
    created_at: Timestamp | None = None
    source: Literal["LLM"] = "LLM"
