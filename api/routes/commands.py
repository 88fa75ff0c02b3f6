"""History: a list of executions, and one in full."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from api import cursor
from api.database import Database
from api.endpoint import Answer, Endpoint, PathParameter
from api.errors import ApiError, invalid, not_found
from api.explanation import explanation_of, no_explanation
from api.models.command import CommandDetail, CommandPage
from api.models.explanation import Explanation
from api.models.history_query import HistoryParameters
from api.parameters import read_parameters
from api.queries.detail import analysed, detail
from api.queries.explanation import explanations
from api.queries.history import Bounds, Place, bounds, history
from api.queries.windows import widening
from api.services import Services, services
from api.timepoint import epoch_microseconds

_PAGES = "commands"
_TIME_BYTES = 8


async def list_commands(request: Request) -> Response:
    """Return a page of executions, newest first by their start; every event stands on exactly one page."""
    asked = read_parameters(HistoryParameters, request.query_params)
    now = datetime.now(UTC).replace(microsecond=0)  # so that those who ask at the same time ask the same
    after = _unseal(asked.cursor) if asked.cursor else None
    lines = await _newest(services(request).database, asked, bounds(asked, after=after, now=now), now)
    page = lines[: asked.limit]
    following = json.dumps(_seal(page[-1])).encode() if len(lines) > asked.limit else b"null"
    return Response(b'{"items":[' + b",".join(page) + b'],"next":' + following + b"}", media_type="application/json")


async def get_command(request: Request) -> Response:
    """Return one execution with its output, its analysis, and what a model said of it."""
    parts = services(request)
    event_id = _event_id(request.path_params["event_id"])
    lines = await parts.database.json_lines(detail(event_id))
    if not lines:
        raise _unknown_event()
    explained = await _explanation(parts, json.loads(lines[0]))
    body = lines[0].removesuffix(b"}") + b',"explanation":' + explained.model_dump_json().encode() + b"}"
    return Response(body, media_type="application/json")


async def get_command_explanation(request: Request) -> Response:
    """Return only what a model said of an execution; for those who wait for it."""
    parts = services(request)
    rows = await parts.database.rows(analysed(_event_id(request.path_params["event_id"])))
    if not rows:
        raise _unknown_event()
    explained = await _explanation(parts, rows[0])
    return Response(explained.model_dump_json(), media_type="application/json")


async def _explanation(parts: Services, execution: Mapping[str, Any]) -> Explanation:
    answers = await parts.database.rows(explanations([execution["fingerprint"]]))
    if answers:
        return explanation_of(
            answers[0], os_type=execution["os_type"], findings=execution["findings"], facts=execution["facts"]
        )
    analyzed_at = datetime.fromisoformat(execution["analyzed_at"])
    return no_explanation(parts.settings, verdict=execution["verdict"], analyzed_at=analyzed_at, now=datetime.now(UTC))


async def _newest(database: Database, asked: HistoryParameters, where: Bounds, now: datetime) -> list[bytes]:
    lines: list[bytes] = []
    for window in widening(where, now=now):
        lines = await database.json_lines(history(asked, window))
        if len(lines) > asked.limit:
            break
    return lines


def _seal(line: bytes) -> str:
    item = json.loads(line)
    started = epoch_microseconds(datetime.fromisoformat(item["started_at"]))
    return cursor.seal(_PAGES, started.to_bytes(_TIME_BYTES, "big", signed=True) + UUID(item["event_id"]).bytes)


def _unseal(text: str) -> Place:
    position = cursor.unseal(_PAGES, text)
    started = int.from_bytes(position[:_TIME_BYTES], "big", signed=True)
    return Place(started_us=started, event_id=UUID(bytes=position[_TIME_BYTES:]))


def _unknown_event() -> ApiError:
    return not_found("no execution has this event_id")


def _event_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise invalid(
            "the event_id is not a UUID", details={"problems": [{"where": "event_id", "problem": "not a UUID"}]}
        ) from None


_EVENT_ID = PathParameter(name="event_id", description="The event's id.", schema={"type": "string", "format": "uuid"})
_DETAIL_ERRORS = {404: "There is no such execution.", 422: "Not a UUID.", 503: "ClickHouse does not answer."}

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/v1/commands",
        handler=list_commands,
        tag="history",
        summary="List executions",
        query=HistoryParameters,
        answers={200: Answer(description="A page of executions.", model=CommandPage)},
        errors={422: "A parameter is unknown or malformed.", 503: "ClickHouse does not answer.", 504: "Too slow."},
    ),
    Endpoint(
        method="GET",
        path="/v1/commands/{event_id}",
        handler=get_command,
        tag="history",
        summary="Get one execution",
        path_parameters=(_EVENT_ID,),
        answers={200: Answer(description="The execution.", model=CommandDetail)},
        errors=_DETAIL_ERRORS,
    ),
    Endpoint(
        method="GET",
        path="/v1/commands/{event_id}/explanation",
        handler=get_command_explanation,
        tag="history",
        summary="Get an execution's explanation",
        path_parameters=(_EVENT_ID,),
        answers={200: Answer(description="The explanation, or why there is none.", model=Explanation)},
        errors=_DETAIL_ERRORS,
    ),
)
