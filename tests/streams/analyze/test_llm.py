"""`netcopilot analyze --llm`, with a model whose answers the test chooses."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.services.process import HOST, free_port
from tests.streams.explanation.endpoint import ScriptedEndpoint, busy

PING = (
    "PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.\n\n--- 192.0.2.1 ping statistics ---\n"
    "4 packets transmitted, 1 received, 75% packet loss, time 3051ms\n"
)
COMMAND = ("--command", "ping -c4 192.0.2.1", "--os-type", "linux")


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint() as endpoint:
        yield endpoint


def says(**given: object) -> str:
    return json.dumps(
        {
            "explanation": "{subject} loses {loss_percent}% of the packets.",
            "likely_causes": ["a link is full"],
            "suggestions": [{"command": "traceroute {subject}", "reason": "shows where packets are lost"}],
            "confidence": 0.5,
            **given,
        }
    )


def analyze(*arguments: str, base_url: str, given: str = PING) -> subprocess.CompletedProcess[str]:
    model = {"NETCOPILOT_LLM_BASE_URL": base_url, "NETCOPILOT_LLM_MODEL": "test-model", "NETCOPILOT_LLM_ATTEMPTS": "1"}
    argv = [sys.executable, "-m", "cli.main", "analyze", "--llm", *arguments]
    return subprocess.run(argv, input=given, capture_output=True, text=True, env={**os.environ, **model}, check=False)


def test_the_model_s_words_follow_the_rules_own(endpoint: ScriptedEndpoint) -> None:
    endpoint.says(says())
    done = analyze(*COMMAND, base_url=endpoint.base_url)
    assert (done.returncode, done.stderr) == (0, "")
    rules, _, words = done.stdout.partition("A model says")
    assert rules.startswith("WARNING  75% packet loss to 192.0.2.1")
    assert "test-model" in words
    assert "may be wrong" in words
    assert "192.0.2.1 loses 75% of the packets." in words
    assert "traceroute 192.0.2.1  only reads" in words


def test_programs_get_the_words_beside_the_analysis(endpoint: ScriptedEndpoint) -> None:
    endpoint.says(says())
    line = json.dumps({"os_type": "linux", "command": COMMAND[1], "output": PING})
    done = analyze("--jsonl", base_url=endpoint.base_url, given=f"{line}\n{line}\n")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == second
    assert first["verdict"] == "warning"
    assert first["explanation"] == {
        "outcome": "EXPLAINED",
        "model": "test-model",
        "prompt_version": first["explanation"]["prompt_version"],
        "confidence": 0.5,
        "text": "192.0.2.1 loses 75% of the packets.",
        "likely_causes": ["a link is full"],
        "suggestions": [
            {"command": "traceroute 192.0.2.1", "reason": "shows where packets are lost", "risk": "READ_ONLY"}
        ],
    }


def test_ungrounded_words_are_kept_back(endpoint: ScriptedEndpoint) -> None:
    endpoint.says(says(explanation="Router core7 lost 3141 packets."))
    done = analyze(*COMMAND, base_url=endpoint.base_url)
    assert done.returncode == 0
    assert "core7" not in done.stdout
    assert "said nothing that the output bears out" in done.stdout


@pytest.mark.parametrize("status", [None, 401, 503])
def test_without_a_model_the_analysis_stands_and_the_cure_is_named(
    endpoint: ScriptedEndpoint, status: int | None
) -> None:
    endpoint.script = lambda _body: busy(status or 500)
    base_url = endpoint.base_url if status else f"http://{HOST}:{free_port()}/v1"
    done = analyze(*COMMAND, base_url=base_url)
    assert done.returncode == 1
    assert done.stdout.startswith("WARNING  75% packet loss to 192.0.2.1")
    assert "no explanation: the model's endpoint" in done.stderr
    assert "NETCOPILOT_LLM_BASE_URL" in done.stderr
    assert "SECRET" not in done.stderr
    asked = analyze(*COMMAND, "--json", base_url=base_url)
    assert asked.returncode == 1
    answer = json.loads(asked.stdout)
    assert (answer["verdict"], answer["explanation"]["error"]["code"]) == ("warning", "model_unavailable")
