"""The devices that have reported."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api import cursor
from api.endpoint import Answer, Endpoint
from api.models.device import Device, DevicePage, OpenFindings
from api.models.device_query import DeviceParameters
from api.parameters import read_parameters
from api.queries.devices import device_counts, devices
from api.services import services

_PAGES = "devices"


async def list_devices(request: Request) -> Response:
    """Return a page of devices by id, each with what is open in the latest run of each of its commands."""
    asked = read_parameters(DeviceParameters, request.query_params)
    database = services(request).database
    after = cursor.unseal(_PAGES, asked.cursor).decode() if asked.cursor else ""
    rows = await database.rows(devices(after=after, rows=asked.limit + 1))
    page = rows[: asked.limit]
    counts = await database.rows(device_counts([row["device_id"] for row in page])) if page else []
    by_device = {row["device_id"]: row for row in counts}
    answer = DevicePage(
        items=[_device(row, by_device.get(row["device_id"], {})) for row in page],
        next=cursor.seal(_PAGES, page[-1]["device_id"].encode()) if len(rows) > asked.limit else None,
    )
    return JSONResponse(answer.model_dump(mode="json"))


def _device(row: Mapping[str, Any], counts: Mapping[str, Any]) -> Device:
    found = OpenFindings(
        info=counts.get("info", 0), warning=counts.get("warning", 0), critical=counts.get("critical", 0)
    )
    return Device(**row, events=counts.get("events", 0), open_findings=found)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/v1/devices",
        handler=list_devices,
        tag="devices",
        summary="List devices",
        query=DeviceParameters,
        answers={200: Answer(description="A page of devices.", model=DevicePage)},
        errors={422: "A parameter is unknown or malformed.", 503: "ClickHouse does not answer.", 504: "Too slow."},
    ),
)
