"""The explanation in an execution's detail."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.settings import ApiSettings
from schemas.event import new_event_id
from tests.api.answers import answer, store
from tests.api.events import History, finding, record
from tests.api.serving import serving


def shown(client: httpx.Client, event: dict[str, Any]) -> dict[str, Any]:
    reply = client.get(f"/v1/commands/{event['event_id']}")
    assert reply.status_code == 200, reply.text
    explanation: dict[str, Any] = reply.json()["explanation"]
    assert client.get(f"/v1/commands/{event['event_id']}/explanation").json() == explanation
    return explanation


def test_each_execution_fills_the_template_with_its_own_names(history: History, client: httpx.Client) -> None:
    first = record()
    second = record(findings=[finding(subject="2001:db8::7", facts={"loss_percent": "75"})])
    history.store([first, second])
    store(history, answer())
    assert shown(client, first) == {
        "status": "explained",
        "text": "10.0.0.9 loses 25% of its packets.",
        "likely_causes": ["A full link on the way to 10.0.0.9"],
        "suggestions": [
            {"command": "traceroute 10.0.0.9", "reason": "Shows where 10.0.0.9 is lost", "risk": "READ_ONLY"}
        ],
        "model": "test-model",
        "prompt_version": "7",
        "confidence": 0.5,
        "created_at": shown(client, first)["created_at"],
        "source": "LLM",
    }
    assert shown(client, second)["text"] == "2001:db8::7 loses 75% of its packets."


def test_an_unknown_execution_has_none(client: httpx.Client) -> None:
    assert client.get(f"/v1/commands/{new_event_id()}/explanation").status_code == 404
    assert client.get("/v1/commands/x/explanation").status_code == 422


def test_the_newest_answer_is_shown(history: History, client: httpx.Client) -> None:
    event = record()
    history.store([event])
    now = datetime.now(UTC)
    store(history, answer(explanation="new", created_at=now))
    store(history, answer(explanation="old", created_at=now - timedelta(hours=1)))
    assert shown(client, event)["text"] == "new"


def test_words_that_are_not_grounded_are_never_shown(history: History, client: httpx.Client) -> None:
    event = record()
    history.store([event])
    store(history, answer(outcome="UNGROUNDED", explanation="leaked", likely_causes=["leaked"]))
    explanation = shown(client, event)
    assert (explanation["status"], explanation["text"]) == ("ungrounded", None)
    assert "leaked" not in str(explanation)
    assert explanation["suggestions"] == []


def test_another_tenant_s_answer_is_not_shown(history: History, client: httpx.Client) -> None:
    event = record()
    history.store([event])
    store(history, answer(tenant_id="other"))
    assert shown(client, event)["status"] == "none"


@pytest.mark.parametrize(
    ("explain", "age", "status"),
    [(True, timedelta(), "pending"), (True, timedelta(hours=2), "none"), (False, timedelta(), "none")],
)
def test_an_answer_is_awaited_where_a_model_is_there_and_for_a_while(
    history: History, settings_for: Callable[..., ApiSettings], *, explain: bool, age: timedelta, status: str
) -> None:
    event = record(analyzed_at=datetime.now(UTC) - age)
    history.store([event])
    with (
        serving(settings_for(explain=explain, explain_verdicts="warning,critical")) as url,
        httpx.Client(base_url=url) as client,
    ):
        assert shown(client, event)["status"] == status


def test_an_answer_is_not_awaited_for_verdicts_that_nobody_asks_about(
    history: History, settings_for: Callable[..., ApiSettings]
) -> None:
    event = record(analyzed_at=datetime.now(UTC), verdict="ok")
    history.store([event])
    with (
        serving(settings_for(explain=True, explain_verdicts="warning,critical")) as url,
        httpx.Client(base_url=url) as client,
    ):
        assert shown(client, event)["status"] == "none"


@pytest.mark.parametrize(
    "subject",
    ["10.0.0.9; reboot", "$(id)", "a b", "`id`", "x|sh", "x\nreload", "10.0.0.9 && rm -rf /", "ø", "'", "--help", ""],
)
def test_what_a_device_says_does_not_become_part_of_a_command(
    history: History, client: httpx.Client, subject: str
) -> None:
    event = record(findings=[finding(subject=subject)])
    history.store([event])
    store(history, answer())
    explanation = shown(client, event)
    assert explanation["text"] == f"{subject} loses 25% of its packets."
    assert explanation["suggestions"] == []


def test_risk_is_judged_anew_and_what_destroys_is_left_out(history: History, client: httpx.Client) -> None:
    event = record()
    history.store([event])
    said = {"reason": "", "risk": "READ_ONLY"}
    commands = ["ping {subject}", "ip link set {subject} down", "rm -rf /", "reload"]
    suggestions = [{"command": command, **said} for command in commands]
    suggestions.append({"command": "ping 192.0.2.1", "reason": "", "risk": "APPROVAL_REQUIRED"})
    store(history, answer(suggestions=suggestions))
    assert [(each["command"], each["risk"]) for each in shown(client, event)["suggestions"]] == [
        ("ping 10.0.0.9", "READ_ONLY"),
        ("ip link set 10.0.0.9 down", "APPROVAL_REQUIRED"),
        ("ping 192.0.2.1", "APPROVAL_REQUIRED"),
    ]
