"""Every request gets an id, a log line and a place in the metrics; a defect becomes a plain 500."""

import re
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import metrics
from api.errors import internal, render
from runtime.log import get_logger
from schemas.event import new_event_id

log = get_logger(__name__)

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_UNMATCHED = "(none)"


class Observation:
    """ASGI middleware: request id, access log without query values, metrics by route template, errors' last resort."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Observe one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = _request_id(scope)
        with structlog.contextvars.bound_contextvars(request_id=scope["request_id"]):
            if scope["type"] == "http":
                await _Exchange(self._app, scope, send).run(receive)
            else:
                await self._app(scope, receive, send)


class _Exchange:
    """One request and its answer."""

    def __init__(self, app: ASGIApp, scope: Scope, send: Send) -> None:
        self._app = app
        self._scope = scope
        self._send = send
        self._started = time.perf_counter()
        self._status = 0
        self._seconds: float | None = None

    async def run(self, receive: Receive) -> None:
        try:
            await self._app(self._scope, receive, self._forward)
        except Exception:
            log.exception("request_failed", route=route_template(self._scope), method=self._scope["method"])
            if self._status:
                raise
            await render(Request(self._scope), internal())(self._scope, receive, self._forward)
        finally:
            self._note()

    async def _forward(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self._scope["request_id"]
            if headers.get("content-type", "").startswith("text/event-stream"):
                self._seconds = self._elapsed()
        await self._send(message)

    def _elapsed(self) -> float:
        return time.perf_counter() - self._started

    def _note(self) -> None:
        route, method = route_template(self._scope), self._scope["method"]
        seconds = self._elapsed()
        metrics.REQUESTS.labels(route, method, str(self._status)).inc()
        metrics.REQUEST_SECONDS.labels(route, method).observe(seconds if self._seconds is None else self._seconds)
        line = log.debug if route in _QUIET else log.info
        line(
            "request",
            method=method,
            path=self._scope["path"],
            route=route,
            status=self._status,
            duration_ms=round(seconds * 1000, 2),
            client=self._scope["client"][0] if self._scope.get("client") else None,
        )


def route_template(scope: Scope) -> str:
    """Return the path template of the route that matched, `(none)` where none did."""
    route: BaseRoute | None = scope.get("route")
    return getattr(route, "path", _UNMATCHED) or "/"


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _GIVEN_ID.fullmatch(given) else new_event_id().hex
