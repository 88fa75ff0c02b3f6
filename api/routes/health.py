"""Liveness, readiness and metrics."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.endpoint import Answer, Endpoint
from api.models.health import Health
from api.services import services
from runtime import metrics
from runtime.health import Probe


async def get_healthz(request: Request) -> Response:
    """Tell whether the process makes progress; one that does not should be started again."""
    return _answer({"live_reader": services(request).reader.progress()})


async def get_readyz(request: Request) -> Response:
    """Tell whether requests can be answered: ClickHouse answers, the live reader follows, nothing drains."""
    parts = services(request)
    return _answer(
        {
            "process": parts.readiness.probe(),
            "clickhouse": await parts.database.probe(),
            "live_reader": parts.reader.attached(),
        }
    )


async def get_metrics(_request: Request) -> Response:
    """Return all metrics in Prometheus' text format."""
    return Response(metrics.exposition(), headers={"Content-Type": metrics.CONTENT_TYPE})


def _answer(probes: Mapping[str, Probe]) -> Response:
    healthy = all(probe.healthy for probe in probes.values())
    body = Health(status="ok" if healthy else "failing", probes={name: probe.detail for name, probe in probes.items()})
    return JSONResponse(body.model_dump(mode="json"), status_code=200 if healthy else 503)


_HEALTH = {200: Answer(description="It is.", model=Health), 503: Answer(description="It is not.", model=Health)}

ENDPOINTS = (
    Endpoint(
        method="GET", path="/healthz", handler=get_healthz, tag="operation", summary="Is it alive?", answers=_HEALTH
    ),
    Endpoint(
        method="GET", path="/readyz", handler=get_readyz, tag="operation", summary="Is it ready?", answers=_HEALTH
    ),
    Endpoint(
        method="GET",
        path="/metrics",
        handler=get_metrics,
        tag="operation",
        summary="Metrics",
        answers={200: Answer(description="Prometheus' text format.", media_type="text/plain")},
    ),
)
