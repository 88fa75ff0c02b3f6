"""A command that may be suggested, with the reason why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.models.suggestion import Suggestion, Why
from api.suggestions.builtin import builtin_forms
from api.suggestions.filling import Filled, fill_form
from api.suggestions.habit import Habit, Ranked
from api.suggestions.situation import Situation
from schemas.command_form import PLACEHOLDER, form_of
from schemas.placeholders import fill_command
from schemas.risk import Risk, risk_of

_MODEL_WEIGHT: Final = 0.3
"""What a model is sure of ranks with what three of ten people type; people who were there know better."""
_BUILTIN_SCORE: Final = 0.01
_STANDS_IN: Final = "x"
"""For a placeholder that is still open, while the risk is judged."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A filled form, not yet judged."""

    filled: Filled
    template: str
    score: float
    why: Why
    habit: Habit | None = None
    reason: str | None = None

    def risk(self, os_type: str) -> Risk:
        """Return the risk of the command as it would be typed."""
        return risk_of(PLACEHOLDER.sub(_STANDS_IN, self.filled.command), os_type)

    def suggestion(self, risk: Risk, score: float) -> Suggestion:
        """Return the suggestion that clients see; `risk` is not REFUSED."""
        habit = self.habit
        return Suggestion(
            command=self.filled.command,
            template=self.template,
            open=list(self.filled.open),
            score=round(score, 6),
            why=self.why,
            count=habit.count if habit else 0,
            users=habit.users if habit else 0,
            success_rate=round(habit.success_rate, 4) if habit else None,
            last_used=habit.last_used if habit else None,
            risk=risk.value,
            reason=self.reason,
        )


def from_people(situation: Situation, ranked: Iterable[Ranked]) -> Iterator[Candidate]:
    """Yield what people typed, filled with what the last command named.

    That command itself is no next one, however frequent, unless people repeat it.
    """
    for one in ranked:
        form = one.habit.form
        if not one.habit.followed and form_of(form).key == situation.previous:
            continue
        why: Why = "transition" if one.habit.followed else "frequent"
        yield Candidate(fill_form(form, situation.arguments), form, one.score, why, habit=one.habit)


def from_model(situation: Situation, analyses: Iterable[Mapping[str, Any]]) -> Iterator[Candidate]:
    """Yield what a model said (rows of `api.queries.suggestions.model_suggestions`), filled with the facts at hand.

    What names something that the execution does not tell, or tells in no plain word, is left out.
    """
    for analysis in analyses:
        score = _MODEL_WEIGHT * min(max(analysis["confidence"], 0.0), 1.0)
        for said in analysis["suggestions"]:
            command = fill_command(said["command"], situation.values)
            if command is not None:
                yield Candidate(Filled(command, ()), said["command"], score, "model", reason=said["reason"])


def built_in(situation: Situation) -> Iterator[Candidate]:
    """Yield old friends of the system's family, in their order."""
    forms = builtin_forms(situation.os_type)
    for place, form in enumerate(forms):
        score = _BUILTIN_SCORE * (1 - place / len(forms))
        yield Candidate(fill_form(form, situation.arguments), form, score, "built-in")
