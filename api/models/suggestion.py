"""A suggested next command as clients see it."""

from typing import Literal

from pydantic import BaseModel, Field

from api.models.timestamp import Timestamp

Why = Literal["transition", "frequent", "model", "built-in"]
Risk = Literal["UNKNOWN", "READ_ONLY", "APPROVAL_REQUIRED"]


class Suggestion(BaseModel):
    """A command worth typing next. Nothing runs it but the reader."""

    command: str = Field(
        description="The command, its placeholders filled from the context where it has what they name."
    )
    template: str = Field(description="The same with all its placeholders: {host}, {interface}, {address}, ...")
    open: list[str] = Field(description="Placeholders of `command` that are still to be filled, in their order.")
    score: float = Field(description="0 to 1; the list is ordered by it.")
    why: Why = Field(
        description="transition: people typed it after such a command; frequent: people type it on such systems; "
        "model: a language model's words about this output; built-in: nobody's habit is known yet."
    )
    count: int = Field(description="How often people typed it there, without regard to age; 0 for model and built-in.")
    users: int = Field(description="How many different people did; 0 for model and built-in.")
    success_rate: float | None = Field(
        description="Share of those runs that did what was asked: neither denied, timed out nor unknown to the system. "
        "A run that found something bad did. Null where nobody ran it."
    )
    last_used: Timestamp | None = Field(description="When somebody last typed it there.")
    risk: Risk = Field(
        description="READ_ONLY changes nothing; APPROVAL_REQUIRED may. What destroys is never suggested."
    )
    reason: str | None = Field(description="What the model gives as its reason; null for all others.")


class SuggestionContext(BaseModel):
    """What the suggestions are for, as far as it was given or found."""

    os_type: str
    after: str | None = Field(description="The last command.")
    verdict: str | None = Field(description="What it showed.")
    fingerprint: str | None = Field(description="Under which the model was asked; 32 hexadecimal digits.")


class Suggestions(BaseModel):
    """Suggestions, the best first."""

    context: SuggestionContext
    items: list[Suggestion]
