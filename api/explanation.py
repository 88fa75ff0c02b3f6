"""From what a model said of a fingerprint to what a reader of one execution sees."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from api.models.explanation import Explanation, SuggestedCommand
from api.settings import ApiSettings
from schemas.placeholders import Statement, fill, fill_command, placeholder_values
from schemas.risk import Risk, risk_of

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
            shown
            for suggestion in answer["suggestions"]
            if (shown := _suggested(suggestion, values, os_type)) is not None
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


def _suggested(suggestion: Row, values: Mapping[str, str], os_type: str) -> SuggestedCommand | None:
    """Return a suggestion with its risk judged anew, None where it must not be shown."""
    command = fill_command(suggestion["command"], values)
    if command is None:
        return None
    risks = {Risk(suggestion["risk"]), risk_of(command, os_type)}
    if Risk.REFUSED in risks:
        return None
    return SuggestedCommand(
        command=command,
        reason=fill(suggestion["reason"], values),
        risk="READ_ONLY" if risks == {Risk.READ_ONLY} else "APPROVAL_REQUIRED",
    )
