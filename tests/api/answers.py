"""Answers of a model for the API's tests, as the table `analyses` holds them."""

from datetime import UTC, datetime
from typing import Any

from sinks.tables import ANALYSES
from tests.api.events import History

Row = dict[str, Any]


def answer(**given: Any) -> Row:
    """What a model said of the fingerprint that `events.record` has."""
    return {
        "tenant_id": "default",
        "fingerprint": bytes(range(16)),
        "created_at": datetime.now(UTC),
        "model": "test-model",
        "prompt_version": "7",
        "rules_version": "3",
        "explanation": "{subject} loses {loss_percent}% of its packets.",
        "likely_causes": ["A full link on the way to {subject}"],
        "suggestions": [
            {"command": "traceroute {subject}", "reason": "Shows where {subject} is lost", "risk": "READ_ONLY"}
        ],
        "confidence": 0.5,
        "outcome": "EXPLAINED",
        **given,
    }


def store(history: History, *answers: Row) -> None:
    """Insert answers into the table."""
    client = history.client()
    try:
        names = list(answers[0])
        client.insert(ANALYSES, [[row[name] for name in names] for row in answers], column_names=names)
    finally:
        client.close()
