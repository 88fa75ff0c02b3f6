"""From what a model said of a fingerprint to what a reader of one execution sees."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from api.models.explanation import Explanation, ExplanationSuggestion
from api.settings import ApiSettings
from schemas.placeholders import Statement, fill, placeholder_values
from schemas.suggested_command import suggested_command

Row = Mapping[str, Any]


def explanation_of(answer: Row, *, os_type: str, findings: Iterable[Row], facts: Mapping[str, str]) -> Explanation:
    """Return a row of `analyses`, filled with the names and numbers of an execution that has its fingerprint.

    `findings` are those of the execution, as the API answers them. Words that are not grounded in the output are left
    out altogether.
    """
    about = {name: answer[name] for name in ("model", "prompt_version", "created_at")}
    if answer["outcome"] != "EXPLAINED":
        return Explanation(status="ungrounded", **about)
    values = placeholder_values(map(_statement, findings), facts)
    return Explanation(
        status="explained",
        text=fill(answer["explanation"], values),
        likely_causes=[fill(cause, values) for cause in answer["likely_causes"]],
        suggestions=[
            ExplanationSuggestion(command=shown.command, reason=shown.reason, risk=shown.risk)
            for suggestion in answer["suggestions"]
            if (shown := suggested_command(**suggestion, values=values, os_type=os_type)) is not None
        ],
        confidence=answer["confidence"],
        **about,
    )


def no_explanation(settings: ApiSettings, *, verdict: str, analyzed_at: datetime, now: datetime) -> Explanation:
    """Return what stands in the place of an answer that is not there: it may come, or nobody was asked."""
    patience = timedelta(seconds=settings.api_explanation_patience_seconds)
    asked = settings.explain and verdict in settings.explain_verdicts.split(",")
    return Explanation(status="pending" if asked and now - analyzed_at < patience else "none")


def _statement(finding: Row) -> Statement:
    return Statement(
        kind=finding["kind"],
        severity=finding["severity"],
        subject=finding["subject"],
        line=finding["line_start"],
        facts=finding["facts"],
    )
