import json
import urllib.error
import urllib.request

import pytest

from runtime.errors import ConfigurationError
from runtime.health import Health, HealthServer, Probe, Progress
from tests.services.process import HOST, free_port


def ask(port: int, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_progress_fails_when_nothing_moved_for_its_patience() -> None:
    now = 100.0
    progress = Progress(patience=10, clock=lambda: now)
    assert progress.probe().healthy
    now = 111.0
    assert not progress.probe().healthy
    assert "11 s" in progress.probe().detail
    progress.advance()
    assert progress.probe().healthy


def test_the_server_tells_health_readiness_and_metrics() -> None:
    health = Health()
    health.liveness["progress"] = lambda: Probe(healthy=True, detail="moving")
    health.readiness["broker"] = lambda: Probe(healthy=False, detail="no broker")
    health.readiness["disk"] = lambda: Probe(healthy=True, detail="room")
    port = free_port()
    with HealthServer(health, host=HOST, port=port):
        assert ask(port, "/healthz") == (200, b'{"status": "ok", "probes": {"progress": "moving"}}')
        status, body = ask(port, "/readyz")
        assert status == 503
        assert json.loads(body) == {"status": "failing", "probes": {"broker": "no broker", "disk": "room"}}
        assert b"process_resident_memory_bytes" in ask(port, "/metrics")[1]
        assert ask(port, "/else")[0] == 404


def test_a_taken_port_is_named_with_its_setting() -> None:
    port = free_port()
    with (
        HealthServer(Health(), host=HOST, port=port),
        pytest.raises(ConfigurationError, match=rf"{port}.*NETCOPILOT_HEALTH_PORT"),
        HealthServer(Health(), host=HOST, port=port),
    ):
        pass


def test_port_zero_serves_none() -> None:
    with HealthServer(Health(), host=HOST, port=0) as server:
        assert server is not None
