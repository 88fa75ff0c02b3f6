"""A command that a model proposed, as the reader of one execution sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schemas.placeholders import fill, fill_command
from schemas.risk import Risk, risk_of


@dataclass(frozen=True, slots=True)
class SuggestedCommand:
    """A command to copy, why, and the risk of running it."""

    command: str
    reason: str
    risk: Literal["READ_ONLY", "APPROVAL_REQUIRED"]


def suggested_command(
    command: str, reason: str, risk: str, *, values: Mapping[str, str], os_type: str
) -> SuggestedCommand | None:
    """Return what a suggestion of `Analysis` says where the placeholders have `values`; None: it must not be shown.

    The risk is judged anew, with the values in place; the worse of both judgements counts.
    """
    filled = fill_command(command, values)
    if filled is None:
        return None
    risks = {Risk(risk), risk_of(filled, os_type)}
    if Risk.REFUSED in risks:
        return None
    shown: Literal["READ_ONLY", "APPROVAL_REQUIRED"] = "READ_ONLY" if risks == {Risk.READ_ONLY} else "APPROVAL_REQUIRED"
    return SuggestedCommand(filled, fill(reason, values), shown)
