"""A model's words about one output."""

from dataclasses import dataclass
from typing import Protocol

from schemas.suggested_command import SuggestedCommand
from streams.analysis.analysis import Analysis
from streams.analysis.execution import Execution


@dataclass(frozen=True, slots=True)
class Words:
    """What may be shown of a model's answer; `outcome` is a symbol of Analysis.outcome, `text` None unless EXPLAINED.

    Every number and name in them stands in the output; that they are true is more than anyone promises.
    """

    outcome: str
    model: str
    prompt_version: str
    confidence: float
    text: str | None
    likely_causes: tuple[str, ...] = ()
    suggestions: tuple[SuggestedCommand, ...] = ()


class Speaker(Protocol):
    """Whoever finds the words."""

    def words(self, execution: Execution, analysis: Analysis) -> Words:
        """Return a model's words about an analysis.

        Raises:
            NetcopilotError: it could not be asked; names the cure where a person has it.

        """
