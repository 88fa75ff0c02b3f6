"""Many executions share a fingerprint, one explainer is killed at work: the model is called once, twice at most."""

import subprocess
from collections.abc import Sequence

import pytest

from schemas.placeholders import fill, placeholder_values, placeholders_of
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.explanation.grounding import Ground
from streams.explanation.request import ExplanationRequest, request_from
from tests.streams.explanation.counting_proxy import CountingProxy
from tests.streams.explanation.endpoint import ScriptedEndpoint
from tests.streams.explanation.explainers import Explainers, until
from tests.streams.explanation.samples import answer, as_published

_PING = """\
PING 192.0.2.{host} (192.0.2.{host}) 56(84) bytes of data.
64 bytes from 192.0.2.{host}: icmp_seq=1 ttl=63 time=1.{host} ms

--- 192.0.2.{host} ping statistics ---
4 packets transmitted, 3 received, 25% packet loss, time 30{host:02}ms
rtt min/avg/max/mdev = 1.{host}/1.{host}/1.{host}/0.000 ms
"""


def sharers(count: int) -> list[ExplanationRequest]:
    """Executions against different hosts that mean the same."""
    executions = (
        Execution("acme", "linux", f"ping -c 4 192.0.2.{host}", "OK", 0, _PING.format(host=host))
        for host in range(10, 10 + count)
    )
    engine = Engine()
    requests = [request_from(execution, engine.analyze(execution)) for execution in executions]
    assert len({request.fingerprint for request in requests}) == 1
    assert all(request.shared for request in requests)
    return [as_published(request) for request in requests]


def at_work(explainers: Explainers, processes: Sequence[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    return max(processes, key=lambda each: explainers.metric(each, "netcopilot_explainer_in_flight_requests"))


@pytest.mark.timeout(400)
def test_fifty_executions_two_explainers_one_killed_in_the_middle_of_the_call(
    explainers: Explainers, local_model: str
) -> None:
    executions = sharers(50)
    with CountingProxy(local_model) as proxy:
        settings = {
            "llm_base_url": proxy.base_url,
            "llm_model": "smollm2-135m-instruct",
            "llm_guided": "true",
            "llm_prompt_chars": "1500",
            "llm_timeout_seconds": "120",
        }
        processes = [explainers.start(**settings), explainers.start(**settings)]
        explainers.wait_until_joined(*processes)
        explainers.request(*executions)
        until(lambda: proxy.calls == 1, 120, explainers.logs)
        victim = at_work(explainers, processes)
        victim.kill()
        victim.wait()
        survivor = next(each for each in processes if each is not victim)
        until(lambda: explainers.metric(survivor, 'netcopilot_explainer_requests_total{outcome="known"}') >= 49, 240)
        assert proxy.calls <= 2
    (analysis,) = explainers.analyses()
    if analysis["outcome"] == "UNGROUNDED":  # so small a model's sentence may fail: then nothing of it shows
        assert (analysis["explanation"], analysis["suggestions"]) == ("", [])
        return
    assert analysis["outcome"] == "EXPLAINED", analysis
    shown = {fill(analysis["explanation"], placeholder_values(each.findings, each.facts)) for each in executions}
    assert not placeholders_of(list(shown))
    assert len(shown) == 50, "each execution reads its own host's name"
    for execution in executions:
        assert Ground.of(execution).complaints(analysis["explanation"]) == []


def test_an_answer_that_names_what_is_nowhere_is_never_shown_nor_asked_for_again(
    explainers: Explainers, endpoint: ScriptedEndpoint
) -> None:
    endpoint.says(answer("The switch core-sw17 drops 60% of all packets."))
    process = explainers.start(llm_base_url=endpoint.base_url)
    executions = sharers(10)
    explainers.request(*executions)
    (analysis,) = explainers.wait_for_analyses(1)
    assert (analysis["outcome"], analysis["explanation"]) == ("UNGROUNDED", "")
    assert (analysis["likely_causes"], analysis["suggestions"]) == ([], [])
    until(lambda: explainers.metric(process, 'netcopilot_explainer_requests_total{outcome="known"}') == 9, 60)
    assert len(endpoint.calls) == 2
    assert "core-sw17" not in explainers.logs()
