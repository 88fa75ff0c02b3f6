"""Liveness that means progress, readiness, and the HTTP server that tells both."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from runtime import metrics
from runtime.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Probe:
    """The answer to one question about a process's health."""

    healthy: bool
    detail: str


class Progress:
    """Notices a process that lives but stands still.

    Call `advance()` whenever work was finished and `idle()` whenever there was none to do; the probe fails when
    neither happened for `patience` seconds.
    """

    def __init__(self, *, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience
        self._clock = clock
        self._last = clock()

    def advance(self) -> None:
        """Note that work was finished."""
        self._last = self._clock()

    idle = advance

    def probe(self) -> Probe:
        """Tell whether the process moved within its patience."""
        still = self._clock() - self._last
        if still > self._patience:
            return Probe(healthy=False, detail=f"no progress for {still:.0f} s (patience {self._patience:.0f} s)")
        return Probe(healthy=True, detail=f"progress {still:.1f} s ago")


class Health:
    """The health of one process: when it is alive and when it is ready, each from any number of probes."""

    def __init__(self) -> None:
        self.liveness: dict[str, Callable[[], Probe]] = {}
        self.readiness: dict[str, Callable[[], Probe]] = {}

    def live(self) -> tuple[bool, dict[str, str]]:
        """Return whether the process makes progress, and each probe's detail."""
        return _ask(self.liveness)

    def ready(self) -> tuple[bool, dict[str, str]]:
        """Return whether the process can take work, and each probe's detail."""
        return _ask(self.readiness)


def _ask(probes: dict[str, Callable[[], Probe]]) -> tuple[bool, dict[str, str]]:
    answers = {name: probe() for name, probe in probes.items()}
    return all(answer.healthy for answer in answers.values()), {name: a.detail for name, a in answers.items()}


class HealthServer:
    """Serves /healthz, /readyz and /metrics from a thread of its own, as a context manager. Port 0 serves none."""

    def __init__(self, health: Health, *, host: str, port: int) -> None:
        self._health = health
        self._address = (host, port)
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        if self._address[1]:
            self._server = self._bind()
            threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _bind(self) -> ThreadingHTTPServer:
        health = self._health

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, content_type, body = _respond(health, self.path)
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Say nothing: probes come every few seconds."""

        host, port = self._address
        try:
            return ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            raise ConfigurationError(
                f"cannot serve health on {host}:{port} ({error.strerror}); "
                "set NETCOPILOT_HEALTH_PORT to a free port, or to 0 for none"
            ) from error


def _respond(health: Health, path: str) -> tuple[int, str, bytes]:
    if path == "/metrics":
        return 200, metrics.CONTENT_TYPE, metrics.exposition()
    if path in {"/healthz", "/readyz"}:
        healthy, details = health.live() if path == "/healthz" else health.ready()
        body = json.dumps({"status": "ok" if healthy else "failing", "probes": details}).encode()
        return 200 if healthy else 503, "application/json", body
    return 404, "text/plain", b"try /healthz, /readyz or /metrics\n"
