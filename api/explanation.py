"""From what a model said of a fingerprint to what a reader of one execution sees."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from api.models.explanation import Explanation, SuggestedCommand
from api.settings import ApiSettings
from schemas.placeholders import Statement, fill, placeholder_values
from schemas.risk import Risk, risk_of

Row = Mapping[str, Any]

_PLAIN_WORD = re.compile(r"[\w./:@%+-]+", re.ASCII)
"""What a device said may stand in a command to copy only where a shell or CLI takes it for one word."""
_SHOWN_RISKS: Mapping[Risk, Any] = {
    Risk.UNKNOWN: "APPROVAL_REQUIRED",
    Risk.READ_ONLY: "READ_ONLY",
    Risk.APPROVAL_REQUIRED: "APPROVAL_REQUIRED",
}


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
    words = {name: value for name, value in values.items() if _PLAIN_WORD.fullmatch(value)}
    command = fill(suggestion["command"], words)
    risk = _SHOWN_RISKS.get(risk_of(command, os_type))
    if risk is None or suggestion["risk"] == Risk.REFUSED:
        return None
    if suggestion["risk"] != Risk.READ_ONLY:
        risk = "APPROVAL_REQUIRED"
    return SuggestedCommand(command=command, reason=fill(suggestion["reason"], values), risk=risk)
