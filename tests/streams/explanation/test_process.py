"""The explainer as a process of its own, on a real broker and Valkey, against an endpoint over HTTP."""

import signal

import redis

from streams.caching.keys import explained_key
from streams.explanation.version import explanation_version
from tests.streams.explanation.endpoint import ScriptedEndpoint, busy
from tests.streams.explanation.explainers import Explainers, until
from tests.streams.explanation.samples import answer, loss_request


def test_a_request_is_explained_once_and_known_to_all(
    explainers: Explainers, endpoint: ScriptedEndpoint, redis_database: str
) -> None:
    process = explainers.start(llm_base_url=endpoint.base_url, llm_input_price="10000", llm_output_price="100000")
    request = loss_request()
    explainers.request(request, request)
    (analysis,) = explainers.wait_for_analyses(1)
    assert analysis["explanation"] == "{subject} loses {loss_percent}% of its packets."
    assert (analysis["tenant_id"], analysis["fingerprint"]) == ("acme", request.fingerprint)
    assert (analysis["outcome"], analysis["model"], analysis["event_id"]) == (
        "EXPLAINED",
        "scripted",
        request.event_id,
    )
    assert (analysis["prompt_tokens"], analysis["completion_tokens"]) == (100, 20)
    assert analysis["suggestions"][0]["risk"] == "READ_ONLY"
    until(lambda: explainers.metric(process, 'netcopilot_explainer_requests_total{outcome="known"}') == 1, 30)
    assert explainers.metric(process, 'netcopilot_explainer_tokens_total{direction="written"}') == 20
    assert explainers.metric(process, "netcopilot_explainer_cost_units_total") == 3
    with redis.Redis.from_url(redis_database) as client:
        assert client.exists(explained_key(explanation_version("scripted"), "acme", request.fingerprint))
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0, explainers.logs()

    explainers.start(llm_base_url=endpoint.base_url)
    other = loss_request()
    explainers.request(request, other)
    explainers.wait_for_analyses(2)
    assert len(endpoint.calls) == 2
    assert endpoint.headers[0]["authorization"] == "Bearer sk-test-canary-0123456789"
    assert "canary" not in explainers.logs()


def test_an_endpoint_that_fails_is_left_alone_and_what_waited_is_explained_later(
    explainers: Explainers, endpoint: ScriptedEndpoint
) -> None:
    endpoint.script = lambda _body: busy()
    process = explainers.start(
        llm_base_url=endpoint.base_url, llm_attempts="1", explainer_breaker_failures="2", explainer_concurrency="2"
    )
    explainers.request(*(loss_request() for _ in range(20)))
    until(lambda: explainers.metric(process, "netcopilot_explainer_breaker_open") == 1, 60, explainers.logs)
    assert b"rests after failures" in explainers.get(process, "/readyz")
    assert b'"ok"' in explainers.get(process, "/healthz")
    endpoint.says(answer())
    explainers.wait_for_analyses(20)
    assert explainers.metric(process, "netcopilot_explainer_breaker_open") == 0
    assert "SECRET-CONVERSATION" not in explainers.logs()


def test_a_spent_budget_ends_a_tenants_calls_and_no_other_tenants(
    explainers: Explainers, endpoint: ScriptedEndpoint
) -> None:
    process = explainers.start(
        llm_base_url=endpoint.base_url,
        llm_daily_tokens='{"tenants": {"acme": 150}}',
        explainer_concurrency="1",
    )
    explainers.request(*(loss_request() for _ in range(5)))
    until(lambda: explainers.metric(process, 'netcopilot_explainer_requests_total{outcome="budget"}') == 3, 60)
    explainers.request(*(loss_request(tenant_id="other") for _ in range(4)))
    tenants = [analysis["tenant_id"] for analysis in explainers.wait_for_analyses(6)]
    assert sorted(tenants) == ["acme"] * 2 + ["other"] * 4


def test_junk_is_buried_and_a_request_of_long_ago_is_dropped(
    explainers: Explainers, endpoint: ScriptedEndpoint
) -> None:
    process = explainers.start(llm_base_url=endpoint.base_url)
    explainers.produce(b"acme/junk", b"\0\0\0\0\1junk")
    old = loss_request(requested_at=loss_request().requested_at.replace(year=2020))
    explainers.request(old, loss_request())
    explainers.wait_for_analyses(1)
    until(lambda: explainers.metric(process, 'netcopilot_explainer_requests_total{outcome="expired"}') == 1, 30)
    until(lambda: len(explainers.dead_letters()) == 1, 30)
    (letter,) = explainers.dead_letters()
    assert letter.value() == b"\0\0\0\0\1junk"
    assert dict(letter.headers() or [])["dlq.stage"] == b"explainer"


def test_a_wrong_key_stops_the_process_with_the_cure(explainers: Explainers, endpoint: ScriptedEndpoint) -> None:
    endpoint.script = lambda _body: busy(401)
    process = explainers.start(llm_base_url=endpoint.base_url)
    explainers.request(loss_request())
    assert process.wait(60) == 78
    assert "NETCOPILOT_LLM_API_KEY" in explainers.logs()
    assert "Traceback" not in explainers.logs()


def test_without_a_model_there_is_nothing_to_run(explainers: Explainers) -> None:
    assert explainers.start(llm_base_url="").wait(60) == 78
    assert "NETCOPILOT_LLM_BASE_URL" in explainers.logs()


def test_a_wrong_login_stops_the_process_with_the_cure(explainers: Explainers, endpoint: ScriptedEndpoint) -> None:
    process = explainers.start(
        llm_base_url=endpoint.base_url,
        kafka_security_protocol="SASL_PLAINTEXT",
        kafka_sasl_mechanism="PLAIN",
        kafka_sasl_username="nobody",
        kafka_sasl_password="nothing-of-value",
    )
    assert process.wait(60) == 78
    assert "NETCOPILOT_KAFKA_SASL_USERNAME" in explainers.logs()
    assert "nothing-of-value" not in explainers.logs()
