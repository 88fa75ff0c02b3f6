"""How people use a command, and how likely it is what is typed next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

_TRUST: Final = 4.0
"""So many runs, by weight, count as much as everything that is known less specifically.

A Dirichlet prior (MacKay and Peto, "A hierarchical Dirichlet language model", 1995): the probability after a command
and its verdict leans on the one after the command, and that on the one after anything.
"""


@dataclass(frozen=True, slots=True)
class Habit:
    """A row of `api.queries.suggestions.habits`."""

    followed: bool
    """Whether it tells of typing the form after the last command, or of typing it at all."""
    form: str
    weight: float
    verdict_weight: float
    count: int
    failed: int
    denied: int
    users: int
    last_used: str

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Return a row of ClickHouse's answer."""
        return cls(
            followed=bool(row["followed"]),
            form=row["command"],
            weight=row["weight"],
            verdict_weight=row["verdict_weight"],
            count=row["count"],
            failed=row["failed"],
            denied=row["denied"],
            users=row["users"],
            last_used=row["last_used"],
        )

    @property
    def success_rate(self) -> float:
        """Share of the runs that did what was asked."""
        return 1 - min(self.failed + self.denied, self.count) / self.count

    @property
    def mostly_denied(self) -> bool:
        """Whether at least half of the runs were denied."""
        return self.denied * 2 >= self.count


@dataclass(frozen=True, slots=True)
class Ranked:
    """A habit and its likelihood."""

    habit: Habit
    score: float
    """Probability that it is typed next, 0 to 1, lowered where runs fail."""


def rank(habits: Iterable[Habit]) -> list[Ranked]:
    """Return forms that are not mostly denied, the likeliest first.

    A form is told as a follower where people typed it after the last command, and else by how frequent it is.
    """
    known = list(habits)
    after = {habit.form: habit for habit in known if habit.followed}
    anywhere = {habit.form: habit for habit in known if not habit.followed}
    likelihood = _Likelihood(after.values(), anywhere.values())
    refused = {habit.form for habit in known if habit.mostly_denied}
    ranked = [
        Ranked(habit, likelihood(form) * (1 + habit.success_rate) / 2)
        for form, habit in (anywhere | after).items()
        if form not in refused
    ]
    return sorted(ranked, key=lambda one: (-one.score, one.habit.form))


class _Likelihood:
    """Probability of each form: after command and verdict, backed by after the command, backed by after anything."""

    def __init__(self, followers: Iterable[Habit], frequent: Iterable[Habit]) -> None:
        self._verdict = {habit.form: habit.verdict_weight for habit in followers}
        self._after = {habit.form: habit.weight for habit in followers}
        self._anything = {habit.form: habit.weight for habit in frequent}

    def __call__(self, form: str) -> float:
        least = self._anything.get(form, 0.0) / max(sum(self._anything.values()), 1e-9)
        return _backed(self._verdict, form, _backed(self._after, form, least))


def _backed(weights: Mapping[str, float], form: str, less_specific: float) -> float:
    return (weights.get(form, 0.0) + _TRUST * less_specific) / (sum(weights.values()) + _TRUST)
