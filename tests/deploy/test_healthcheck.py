"""The container's health check against the health server that it asks."""

import socket
import subprocess
import sys
import threading

from runtime.health import Health, HealthServer, Probe
from tests.deploy.tree import DEPLOY
from tests.services.process import HOST, free_port


def _check(*ports: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-S", str(DEPLOY / "healthcheck.py"), *map(str, ports)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)


def _health(*, alive: bool) -> Health:
    health = Health()
    health.liveness["progress"] = lambda: Probe(healthy=alive, detail="as told")
    return health


def test_a_live_process_is_healthy() -> None:
    port = free_port()
    with HealthServer(_health(alive=True), host=HOST, port=port):
        assert _check(port).returncode == 0


def test_the_first_port_that_listens_decides() -> None:
    port = free_port()
    with HealthServer(_health(alive=True), host=HOST, port=port):
        assert _check(free_port(), port).returncode == 0


def test_a_process_that_stands_still_is_not() -> None:
    port = free_port()
    with HealthServer(_health(alive=False), host=HOST, port=port):
        result = _check(port)
    assert result.returncode == 1
    assert "503" in result.stderr


def test_nobody_listens() -> None:
    result = _check(free_port())
    assert result.returncode == 1
    assert "nothing listens" in result.stderr


def _hang_up_on_one(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    connection.close()


def test_somebody_who_hangs_up_is_not_healthy() -> None:
    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=_hang_up_on_one, args=(listener,))
        thread.start()
        result = _check(listener.getsockname()[1])
        thread.join()
    assert result.returncode == 1
