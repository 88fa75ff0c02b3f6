"""HAProxy itself, on the project's configuration."""

import csv
import io
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.deploy.tree import DEPLOY
from tests.services.process import HOST, free_port

CONFIG = DEPLOY / "haproxy" / "haproxy.cfg"
TLS_CONFIG = DEPLOY / "haproxy" / "tls.cfg"

missing = shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None
needs_haproxy = pytest.mark.skipif(missing, reason="haproxy is not installed (Debian: haproxy)")


def command(*arguments: str) -> list[str]:
    """Return HAProxy's command line."""
    return [shutil.which("haproxy") or "/usr/sbin/haproxy", *arguments]


@dataclass(frozen=True, slots=True)
class Balancer:
    """A running HAProxy and where it listens."""

    process: subprocess.Popen[bytes]
    http: int
    https: int
    stats: int

    @property
    def url(self) -> str:
        """Where clients go."""
        return f"http://{HOST}:{self.http}"

    def active(self) -> set[str]:
        """Addresses of the replicas that get requests."""
        rows = csv.DictReader(io.StringIO(self._stats("/stats;csv").lstrip("# ")))
        servers = (row for row in rows if row["pxname"] == "api" and row["svname"] not in {"FRONTEND", "BACKEND"})
        return {row["addr"].split(":")[0] for row in servers if row["status"].startswith("UP") and row["addr"]}

    def metrics(self) -> str:
        """Return what Prometheus would scrape."""
        return self._stats("/metrics")

    def worker(self) -> str:
        """Return the process id of the worker that answers now."""
        found = re.search(r"pid = </b> *(\d+)", self._stats("/stats"))
        assert found
        return found[1]

    def reload(self) -> None:
        """Reload gracefully, as `docker compose kill -s USR2 haproxy` does; return when the new worker answers."""
        before = self.worker()
        self.process.send_signal(signal.SIGUSR2)
        until(lambda: self.worker() != before)

    def _stats(self, path: str) -> str:
        return httpx.get(f"http://{HOST}:{self.stats}{path}", timeout=5).raise_for_status().text


def until(condition: Callable[[], bool], *, within: float = 20.0) -> None:
    """Wait until the condition holds; a connection that is refused meanwhile counts as "not yet"."""
    deadline = time.monotonic() + within
    while not _holds(condition):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except httpx.TransportError:
        return False


@contextmanager
def balancer(*, dns_port: int, api_port: int, folder: Path, certificate: Path) -> Iterator[Balancer]:
    """Run HAProxy with both configuration files until the block ends; its statistics answer when it begins."""
    http, https, stats = free_port(), free_port(), free_port()
    environment = {
        **os.environ,
        "HAPROXY_HTTP": f"{HOST}:{http}",
        "HAPROXY_HTTPS": f"{HOST}:{https}",
        "HAPROXY_CERTIFICATE": str(certificate),
        "HAPROXY_STATS": f"{HOST}:{stats}",
        "HAPROXY_DNS": f"{HOST}:{dns_port}",
        "HAPROXY_API": f"api.test:{api_port}",
    }
    with (folder / "haproxy.log").open("wb") as log:
        process = subprocess.Popen(
            command("-W", "-db", "-f", str(CONFIG), "-f", str(TLS_CONFIG)),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    running = Balancer(process, http, https, stats)
    try:
        until(lambda: process.poll() is not None or bool(running.metrics()))
        assert process.poll() is None, (folder / "haproxy.log").read_text(encoding="utf-8")
        yield running
    finally:
        process.terminate()
        process.wait(20)
