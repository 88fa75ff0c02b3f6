"""What every answer has in common, with no service behind the API."""

import io

import httpx
import pytest
import structlog

from api.endpoints import ENDPOINTS
from tests.api.serving import wait_until

SHAPE = {"code", "message", "request_id"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "not_found"),
        ("PUT", "/v1/commands", 405, "method_not_allowed"),
        ("DELETE", "/v1/live", 405, "method_not_allowed"),
        ("GET", "/v1/commands?nonsense=1", 422, "invalid_request"),
        ("GET", "/v1/commands?limit=0", 422, "invalid_request"),
        ("GET", "/v1/commands?limit=501", 422, "invalid_request"),
        ("GET", "/v1/commands?limit=ten", 422, "invalid_request"),
        ("GET", "/v1/commands?limit=1&limit=2", 422, "invalid_request"),
        ("GET", "/v1/commands?verdict=terrible", 422, "invalid_request"),
        ("GET", "/v1/commands?since=yesterday", 422, "invalid_request"),
        ("GET", "/v1/commands?since=2026-01-01T00:00:00", 422, "invalid_request"),
        ("GET", "/v1/commands?since=2026-02-30T00:00:00Z", 422, "invalid_request"),
        ("GET", "/v1/commands?cursor=AAAA", 422, "invalid_request"),
        ("GET", "/v1/commands?cursor=%F0%9F%92%A9", 422, "invalid_request"),
        ("GET", "/v1/commands/xyz", 422, "invalid_request"),
        ("GET", "/v1/stats/timeseries?step=61", 422, "invalid_request"),
        ("GET", "/v1/stats/timeseries?since=-1h&until=-2h", 422, "invalid_request"),
        ("GET", "/v1/stats/timeseries?since=-52w&step=60", 422, "invalid_request"),
        ("GET", "/v1/stats/timeseries?by=hostname", 422, "invalid_request"),
        ("GET", "/v1/devices?cursor=zzz", 422, "invalid_request"),
        ("GET", "/v1/commands", 503, "unavailable"),
        ("GET", "/v1/devices", 503, "unavailable"),
        ("GET", "/docs/package.json", 404, "not_found"),
    ],
)
def test_every_error_has_the_same_shape(lonely: httpx.Client, method: str, path: str, status: int, code: str) -> None:
    answer = lonely.request(method, path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert SHAPE <= error.keys() <= SHAPE | {"details"}
    assert error["message"]
    assert error["request_id"] == answer.headers["x-request-id"]


def test_unknown_parameters_are_answered_with_the_known_ones(lonely: httpx.Client) -> None:
    details = lonely.get("/v1/commands?hostname=a").json()["error"]["details"]
    assert details["problems"] == [{"where": "hostname", "problem": "Extra inputs are not permitted"}]
    assert {"device", "verdict", "since", "cursor"} <= set(details["known"])


def test_a_wrong_method_is_told_the_right_ones(lonely: httpx.Client) -> None:
    assert set(lonely.put("/v1/commands").headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_an_unavailable_service_says_when_to_try_again(lonely: httpx.Client) -> None:
    assert lonely.get("/v1/commands").headers["retry-after"] == "2"


def test_a_defect_is_a_500_that_tells_nothing(lonely: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode() -> bytes:
        raise RuntimeError("the secret is swordfish")

    monkeypatch.setattr("runtime.metrics.exposition", explode)
    answer = lonely.get("/metrics")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal_error"
    assert "swordfish" not in answer.text
    assert answer.headers["x-request-id"] == answer.json()["error"]["request_id"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_request_id_is_kept_unless_it_is_odd(lonely: httpx.Client) -> None:
    assert lonely.get("/healthz", headers={"X-Request-Id": "abc-1.2"}).headers["x-request-id"] == "abc-1.2"
    odd = lonely.get("/healthz", headers={"X-Request-Id": 'a"b<c>'}).headers["x-request-id"]
    assert len(odd) == 32


@pytest.mark.parametrize("path", ["/", "/v1/commands", "/docs", "/nothing", "/openapi.json"])
def test_security_headers_are_everywhere(lonely: httpx.Client, path: str) -> None:
    headers = lonely.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy
    assert "server" not in headers


def test_json_is_compressed_where_the_client_takes_it(lonely: httpx.Client) -> None:
    assert lonely.get("/openapi.json").headers["content-encoding"] == "gzip"
    plain = lonely.get("/openapi.json", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


def test_no_other_origin_is_allowed_by_default(lonely: httpx.Client) -> None:
    answer = lonely.get("/healthz", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_alive_but_not_ready_without_services(lonely: httpx.Client) -> None:
    assert lonely.get("/healthz").json()["status"] == "ok"
    ready = lonely.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (503, "failing")
    assert ready.json()["probes"]["process"] == "serving"


def test_requests_are_counted_by_template(lonely: httpx.Client) -> None:
    lonely.get("/v1/commands/not-a-uuid")
    text = lonely.get("/metrics").text
    assert 'route="/v1/commands/{event_id}",status="422"' in text
    assert "not-a-uuid" not in text


def test_the_access_log_has_no_query_values(lonely: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    logged = io.StringIO()
    monkeypatch.setattr("api.middleware.observation.log", structlog.wrap_logger(structlog.PrintLogger(logged)))
    lonely.get("/v1/commands?q=hunter2&limit=0")
    wait_until(lambda: "/v1/commands" in logged.getvalue())
    assert "hunter2" not in logged.getvalue()


def test_each_endpoint_is_named_once() -> None:
    names = [endpoint.handler.__name__ for endpoint in ENDPOINTS]
    assert len(names) == len(set(names))


def test_head_is_answered_like_get_without_a_body(lonely: httpx.Client) -> None:
    answer = lonely.head("/openapi.json")
    assert (answer.status_code, answer.content) == (200, b"")
