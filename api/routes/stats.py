"""Counts over time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.endpoint import Answer, Endpoint
from api.models.timeseries import Series, Timeseries
from api.models.timeseries_query import Grid, TimeseriesParameters
from api.parameters import read_parameters
from api.queries.timeseries import timeseries
from api.services import services


async def get_timeseries(request: Request) -> Response:
    """Return how many executions started in each step of time, by one dimension; gaps are filled with zeros."""
    asked = read_parameters(TimeseriesParameters, request.query_params)
    grid = asked.grid(now=datetime.now(UTC))
    statement = timeseries(asked.by, since=grid.since, until=grid.until, step=grid.step)
    rows = await services(request).database.rows(statement)
    answer = Timeseries(step_seconds=grid.step, series=_fill(rows, grid))
    return JSONResponse(answer.model_dump(mode="json"))


def _fill(rows: Iterable[Mapping[str, Any]], grid: Grid) -> list[Series]:
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for row in rows:
        counts[row["name"]][row["at"]] = row["count"]
    steps = range(grid.since, grid.until, grid.step)
    return [Series(name=name, points=[(at, found.get(at, 0)) for at in steps]) for name, found in counts.items()]


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/v1/stats/timeseries",
        handler=get_timeseries,
        tag="statistics",
        summary="Count executions over time",
        query=TimeseriesParameters,
        answers={200: Answer(description="A series for each value of the dimension.", model=Timeseries)},
        errors={422: "A parameter is unknown or malformed.", 503: "ClickHouse does not answer.", 504: "Too slow."},
    ),
)
