"""Which of a model's suggestions are shown, and with which word of warning: ours, never the model's."""

import re
from collections.abc import Iterable, Iterator, Mapping

from schemas.risk import Risk, risk_of
from streams.explanation import metrics
from streams.explanation.answer import LONGEST_SENTENCE, MOST_SUGGESTIONS, SuggestedCommand
from streams.explanation.explanation import Suggestion
from streams.explanation.grounding import Ground
from streams.explanation.templating import with_placeholders

_COMMAND = re.compile(r"[a-z/.][\w/.-]*( [^\n\r\0;&<>$`]+)?", re.ASCII)
"""One command; filters may follow it."""
_NO_COMMAND = re.compile(r"://|[.?!]$|^(the|this|it|use|run|try|check|please)\b", re.IGNORECASE)
_MOST_WORDS = 16


def approved(
    suggestions: Iterable[SuggestedCommand], ground: Ground, values: Mapping[str, str], os_type: str
) -> tuple[Suggestion, ...]:
    """Return what may be shown: commands, once each, grounded like the text, and none that destroys anything."""
    return tuple(_approved(suggestions, ground, values, os_type))[:MOST_SUGGESTIONS]


def _approved(
    suggestions: Iterable[SuggestedCommand], ground: Ground, values: Mapping[str, str], os_type: str
) -> Iterator[Suggestion]:
    seen: set[str] = set()
    for suggested in suggestions:
        command = with_placeholders(suggested.command, values)
        reason = with_placeholders(suggested.reason, values)
        risk = risk_of(command, os_type)
        dropped = _why_dropped(command, reason, risk, ground)
        metrics.SUGGESTIONS.labels(dropped or risk.value.lower()).inc()
        if not dropped and command not in seen:
            seen.add(command)
            yield Suggestion(command, reason, risk)


def _why_dropped(command: str, reason: str, risk: Risk, ground: Ground) -> str:
    """Return a word for the metric; empty: it may be shown."""
    if risk is Risk.REFUSED:
        return "refused"
    no_command = not _COMMAND.fullmatch(command) or _NO_COMMAND.search(command) or len(command.split()) > _MOST_WORDS
    if no_command or len(reason) > LONGEST_SENTENCE:
        return "malformed"
    if ground.complaints_on_command(command) or ground.complaints(reason):
        return "ungrounded"
    return ""
