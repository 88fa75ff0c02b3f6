"""`POST /v1/analyze`, by the engine's own process."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.settings import ApiSettings
from tests.api.answers import answer, store
from tests.api.events import History
from tests.api.serving import serving
from tests.services.waiting import until

PING = (
    "PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.\n\n--- 192.0.2.1 ping statistics ---\n"
    "4 packets transmitted, 1 received, 75% packet loss, time 3051ms\n"
)
LOSS = {"os_type": "linux", "command": "ping -c4 192.0.2.1", "output": PING, "exit_code": 0}


def analyze(client: httpx.Client, body: Any) -> Any:
    reply = client.post("/v1/analyze", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_an_output_is_analysed_without_any_service(lonely: httpx.Client) -> None:
    analysis = analyze(lonely, LOSS)
    assert (analysis["verdict"], analysis["parse_status"]) == ("warning", "PARSED")
    [finding] = analysis["findings"]
    assert finding["kind"] == "reachability.loss"
    assert finding["evidence"] in PING.split("\n")[finding["line_start"] - 1]
    assert analysis["explanation"] is None


def test_several_are_analysed_in_their_order(lonely: httpx.Client) -> None:
    unknown = {"os_type": "linux", "command": "pong", "output": "bash: pong: command not found\n", "exit_code": 127}
    analyses = analyze(lonely, {"executions": [LOSS, unknown, LOSS]})["analyses"]
    assert [each["findings"][0]["kind"] for each in analyses] == [
        "reachability.loss",
        "command.not_found",
        "reachability.loss",
    ]
    assert analyses[0] == analyses[2] == analyze(lonely, LOSS)


def test_secrets_are_masked_before_anything_is_quoted(lonely: httpx.Client) -> None:
    output = "bash: deploy --password=hunter2hunter2: command not found\n"
    analysis = analyze(lonely, {"os_type": "linux", "command": "x", "output": output, "exit_code": 127})
    assert "hunter2" not in str(analysis)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"{}",
        b'{"executions": []}',
        b'{"os_type": "linux", "command": "id"}',
        b'{"os_type": "linux", "command": "", "output": ""}',
        b'{"os_type": "linux", "command": "id", "output": "", "deadline_ms": 0}',
        b'{"os_type": "linux", "command": "id", "output": "", "deadline_ms": 60000}',
        b'{"os_type": "linux", "command": "id", "output": "", "verdict": "ok"}',
        b'{"os_type": "linux", "command": "id", "output": "", "tenant_id": "other"}',
        b'{"os_type": "linux", "command": "id", "output": "\\ud800"}',
        b'{"executions": [{"os_type": "linux", "command": "id", "output": ""}, 7]}',
        b'{"executions": [%s]}' % b", ".join([b'{"os_type": "linux", "command": "id", "output": "secret"}'] * 21),
    ],
)
def test_what_is_no_output_is_refused(lonely: httpx.Client, body: bytes) -> None:
    reply = lonely.post("/v1/analyze", content=body, headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "invalid_request")
    assert reply.json()["error"]["details"]["problems"]
    assert "secret" not in reply.text


def test_only_json_is_taken(lonely: httpx.Client) -> None:
    assert lonely.post("/v1/analyze", content=b"{}").status_code == 415


def test_what_a_model_said_before_is_added(history: History, settings_for: Callable[..., ApiSettings]) -> None:
    with serving(settings_for()) as url, httpx.Client(base_url=url) as client:
        fingerprint = analyze(client, LOSS)["fingerprint"]
        store(history, answer(fingerprint=bytes.fromhex(fingerprint)))
        until(lambda: analyze(client, LOSS)["explanation"] is not None)  # equal questions share an answer for a moment
        explained = analyze(client, LOSS)
        other = analyze(client, {**LOSS, "output": "bash: ping: command not found\n"})
    assert explained["explanation"]["text"] == "192.0.2.1 loses 75% of its packets."
    assert other["explanation"] is None


def test_an_analysis_costs_its_deadline_at_most(lonely: httpx.Client) -> None:
    output = "GigabitEthernet0/1 is up, line protocol is up\n" * 100_000
    body = {"os_type": "cisco_ios", "command": "show interfaces", "output": output, "deadline_ms": 20}
    assert analyze(lonely, body)["parse_status"] == "TIMEOUT"
