"""Which candidates are suggested, and in which order."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from api.models.suggestion import Suggestion
from api.suggestions.candidate import Candidate, built_in, from_model, from_people
from api.suggestions.habit import Ranked
from api.suggestions.situation import Situation
from schemas.command_form import PLACEHOLDER
from schemas.risk import Risk


def propose(
    situation: Situation, ranked: Iterable[Ranked], analyses: Iterable[Mapping[str, Any]]
) -> Sequence[Suggestion]:
    """Return all that continues the prefix and destroys nothing, the best first, each command once.

    `analyses` are rows of `api.queries.suggestions.model_suggestions`. The built-in commands come where neither people
    nor a model have anything to say.
    """
    known = chain(from_people(situation, ranked), from_model(situation, analyses))
    found = _fitting(situation, known) or _fitting(situation, built_in(situation))
    return sorted(found, key=lambda one: -one.score)


def _fitting(situation: Situation, candidates: Iterable[Candidate]) -> list[Suggestion]:
    by_command: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if continues(situation.prefix, candidate.filled.command):
            by_command.setdefault(candidate.filled.command, []).append(candidate)
    return [
        _together(same, risk)
        for same in by_command.values()
        if (risk := same[0].risk(situation.os_type)) is not Risk.REFUSED
    ]


def _together(same: Sequence[Candidate], risk: Risk) -> Suggestion:
    """Return the best of several reasons for one command, with the likelihood that any of them holds."""
    none_holds = 1.0
    for candidate in same:
        none_holds *= 1 - candidate.score
    return max(same, key=lambda each: each.score).suggestion(risk, 1 - none_holds)


def continues(prefix: str, command: str) -> bool:
    """Whether `command` continues what is typed: each typed word begins the command's word, in any case of letters.

    What stands in the place of an open placeholder may be anything.
    """
    typed, words = prefix.lower().split(), command.lower().split()
    if len(typed) > len(words):
        return False
    return all(word.startswith(start) or PLACEHOLDER.search(word) for start, word in zip(typed, words, strict=False))
