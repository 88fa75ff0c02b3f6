"""People who type commands in sessions, for the tests of suggestions."""

import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from runtime.settings import ClickHouseSettings
from sinks.clickhouse import connect
from sinks.transitions.rollup import RollUp, Sweep
from sinks.transitions.store import TransitionStore
from tests.api.events import History, record

Typed = str | tuple[str, dict[str, Any]]
"""A command, or a command with what its execution was like."""

Suggest = Callable[..., list[dict[str, Any]]]

_sittings = itertools.count(1)


def sitting(user: str, *commands: Typed, days_ago: float = 1.0, **given: Any) -> list[dict[str, Any]]:
    """Events of one session: commands a minute apart, each with fields of its own where it names some."""
    began = datetime.now(UTC) - timedelta(days=days_ago)
    session = f"s-{next(_sittings)}"
    events = []
    for minute, typed in enumerate(commands):
        command, own = (typed, {}) if isinstance(typed, str) else typed
        fields: dict[str, Any] = {
            "user_id": user,
            "session_id": session,
            "started_at": began + timedelta(minutes=minute),
            "os_type": "ios",
            "command": command,
            "status": "OK",
            "verdict": "ok",
            "findings": [],
        }
        events.append(record(**(fields | given | own)))
    return events


def learn(history: History, sittings: Iterable[list[dict[str, Any]]]) -> None:
    """Store the events and roll them up."""
    history.store([event for events in sittings for event in events])
    settings = ClickHouseSettings(clickhouse_url=history.url, clickhouse_database=history.database)
    client = connect(settings, database=history.database)
    try:
        rollup = RollUp(TransitionStore(client), rows=1000, sweeps=(Sweep("test", settled_seconds=0),))
        while rollup.run():
            pass
    finally:
        client.close()


def suggest(client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    """Return the suggestions; of ios unless something else says what the system is like."""
    if not {"os_type", "device", "event_id"} & query.keys():
        query["os_type"] = "ios"
    answer = client.get("/v1/suggestions", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def commands(items: Iterable[dict[str, Any]]) -> list[str]:
    return [item["command"] for item in items]
