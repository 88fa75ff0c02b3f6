"""The API as the dashboard sees it, answering from a list of executions, with faults on demand."""

import asyncio
import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from api.dashboard import routes
from tests.api.dashboard.execution import SEVERITIES, Execution

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DETAIL_ONLY = {"output", "facts", "fingerprint", "parser", "kafka", "output_sha256", "explanation"}


class RecordedApi:
    """An ASGI application with the routes that the page asks, and handles to make it fail."""

    def __init__(self, executions: list[Execution]) -> None:
        self.executions = executions
        self.failing: dict[str, int] = {}
        """Path to the status it answers with from now on."""
        self.held: dict[str, asyncio.Event] = {}
        self.suggestions: list[dict[str, Any]] = []
        """What was typed next, after any execution."""
        self.asked: list[str] = []
        """Paths with queries, as they were asked."""
        self.app = Starlette(
            routes=[
                *routes,
                Route("/v1/commands", self._commands),
                Route("/v1/commands/{event_id}", self._command),
                Route("/v1/commands/{event_id}/explanation", self._explanation),
                Route("/v1/suggestions", self._suggestions),
                Route("/v1/stats/timeseries", self._timeseries),
                Route("/v1/devices", self._devices),
                Route("/v1/live", self._live),
            ]
        )
        self._streams: set[asyncio.Queue[Execution | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def listeners(self) -> int:
        """Open live streams."""
        return len(self._streams)

    def happen(self, *executions: Execution) -> None:
        """Let executions happen now: the history has them, and every live stream is told."""
        self.executions[:0] = reversed(executions)
        self._tell(*executions)

    def hang_up(self) -> None:
        """End every live stream, as a server that goes away does."""
        self._tell(None)

    def _tell(self, *messages: Execution | None) -> None:
        assert self._loop is not None
        for stream in tuple(self._streams):
            for message in messages:
                self._loop.call_soon_threadsafe(stream.put_nowait, message)

    async def _commands(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        found = [item for item in self.executions if _matches(item, request)]
        found.sort(key=lambda item: str(item["started_at"]), reverse=True)
        begin, limit = int(request.query_params.get("cursor", 0)), int(request.query_params.get("limit", 50))
        page = [_listed(item) for item in found[begin : begin + limit]]
        more = begin + limit < len(found)
        return JSONResponse({"items": page, "next": str(begin + limit) if more else None})

    async def _command(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        for item in self.executions:
            if item["event_id"] == request.path_params["event_id"]:
                return JSONResponse(item)
        return _error(404)

    async def _explanation(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        event_id = request.path_params["event_id"]
        return JSONResponse(next(item["explanation"] for item in self.executions if item["event_id"] == event_id))

    async def _suggestions(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        return JSONResponse({"context": {}, "items": self.suggestions})

    async def _timeseries(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        by = {"verdict": "verdict", "os_type": "os_type", "device": "device_id"}[request.query_params["by"]]
        step = int(request.query_params["step"])
        counts: dict[str, Counter[int]] = defaultdict(Counter)
        for item in self.executions:
            at = _moment(item["started_at"])
            if _in_range(at, request):
                counts[item[by]][int(at.timestamp()) // step * step] += 1
        series = [{"name": name, "points": sorted(points.items())} for name, points in counts.items()]
        return JSONResponse({"step_seconds": step, "series": series})

    async def _devices(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        devices: dict[str, dict[str, Any]] = {}
        for item in self.executions:
            open_findings = dict.fromkeys(SEVERITIES[2:], 0)
            device = devices.setdefault(
                item["device_id"],
                {
                    "device_id": item["device_id"],
                    "hostname": item["hostname"],
                    "os_type": item["os_type"],
                    "last_seen": item["started_at"],
                    "last_verdict": item["verdict"],
                    "events": 0,
                    "open_findings": open_findings,
                },
            )
            device["events"] += 1
            for found in item["findings"][: 1 if device["events"] < 6 else 0]:
                device["open_findings"][found["severity"]] += 1
        return JSONResponse({"items": sorted(devices.values(), key=lambda one: str(one["device_id"])), "next": None})

    async def _live(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        self._loop = asyncio.get_running_loop()
        return StreamingResponse(self._stream(request), media_type="text/event-stream")

    async def _stream(self, request: Request) -> AsyncIterator[str]:
        stream: asyncio.Queue[Execution | None] = asyncio.Queue()
        self._streams.add(stream)
        try:
            yield "retry: 200\n: welcome\n\n"
            while (item := await _next(stream)) is not None:
                if item == {}:
                    yield ": beat\n\n"
                elif _matches(item, request):
                    yield f"id: {item['event_id']}\nevent: command\ndata: {json.dumps(_listed(item))}\n\n"
        finally:
            self._streams.discard(stream)

    def _refusal(self, request: Request) -> Response | None:
        self.asked.append(f"{request.url.path}?{request.url.query}")
        status = self.failing.get(request.url.path)
        return _error(status) if status else None


async def _next(stream: asyncio.Queue[Execution | None]) -> Execution | None:
    """Return the next message; an empty one when it is time for a heartbeat."""
    with suppress(TimeoutError):
        return await asyncio.wait_for(stream.get(), 1)
    return {}


def _error(status: int) -> Response:
    body = {
        "code": "unavailable",
        "message": "The history does not answer; try again in a moment.",
        "request_id": "req-4711",
    }
    return JSONResponse({"error": body}, status_code=status)


def _listed(item: Execution) -> Execution:
    return {name: value for name, value in item.items() if name not in _DETAIL_ONLY}


def _matches(item: Execution, request: Request) -> bool:
    query = request.query_params
    verdicts = query.getlist("verdict")
    text = f"{item['command']}\n{item['summary']}\n{item['output']}".lower()
    return (
        query.get("device", item["device_id"]) == item["device_id"]
        and query.get("user", item["user_id"]) == item["user_id"]
        and query.get("os_type", item["os_type"]) == item["os_type"]
        and (not verdicts or item["verdict"] in verdicts)
        and ("finding" not in query or query["finding"] in {found["kind"] for found in item["findings"]})
        and item["command"].startswith(query.get("command", ""))
        and query.get("q", "").lower() in text
        and _in_range(_moment(item["started_at"]), request)
    )


def _in_range(at: datetime, request: Request) -> bool:
    since, until = request.query_params.get("since"), request.query_params.get("until")
    return (not since or at >= _moment(since)) and (not until or at < _moment(until))


def _moment(text: str) -> datetime:
    if relative := re.fullmatch(r"-(\d+)([smhd])", text):
        return datetime.now(UTC) - timedelta(seconds=int(relative[1]) * _UNITS[relative[2]])
    return datetime.fromisoformat(text)
