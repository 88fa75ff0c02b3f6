"""The API process from start to SIGTERM."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.api.listening import listening
from tests.api.serving import wait_until
from tests.services.process import HOST, free_port


@contextmanager
def process(log: Path, **environment: str) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    port = free_port()
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "api", "--api-port", str(port)],
            env={**os.environ, "NETCOPILOT_CLICKHOUSE_URL": f"http://{HOST}:{free_port()}", **environment},
            stderr=output,
            stdout=output,
        )
    url = f"http://{HOST}:{port}"
    try:
        wait_until(lambda: _answers(url) or child.poll() is not None)
        yield child, url
    finally:
        child.kill()
        child.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").status_code == 200
    except httpx.TransportError:
        return False


def test_sigterm_turns_readiness_off_ends_the_streams_and_exits_cleanly(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    with (
        process(log, NETCOPILOT_API_DRAIN_NOTICE_SECONDS="2") as (child, url),
        listening(f"{url}/v1/live") as listener,
        connect(f"{url.replace('http', 'ws')}/ws/commands") as connection,
    ):
        listener.wait_for("hello")
        connection.recv()
        child.send_signal(signal.SIGTERM)
        wait_until(lambda: httpx.get(f"{url}/readyz").json()["probes"]["process"] == "draining")
        assert not listener.named("end")
        listener.wait_for("end")
        assert listener.named("end") == [{"reason": "shutdown"}]
        assert json.loads(connection.recv()) == {"type": "end", "reason": "shutdown"}
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
        assert child.wait(20) == 0
    assert "Traceback" not in log.read_text()


def test_a_taken_port_is_a_configuration_error_that_names_the_setting(tmp_path: Path) -> None:
    with process(tmp_path / "first.log") as (_, url):
        port = url.rsplit(":", 1)[1]
        second = subprocess.run(
            [sys.executable, "-m", "cli.main", "api", "--api-port", port],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert second.returncode == 78
    assert "NETCOPILOT_API_PORT" in second.stderr
    assert port in second.stderr
