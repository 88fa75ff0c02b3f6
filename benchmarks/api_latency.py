"""What the history costs over an answer that is ready: latency and throughput of the API beside a bare JSON route.

Starts the embedded ClickHouse, fills it, and runs the API and, in the same run and under the same server, a Starlette
route that answers a constant page of the same size. Prints one JSON line.
"""

import argparse
import http.client
import io
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import clickhouse_connect
import fastavro
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.server import configuration
from api.settings import ApiSettings
from benchmarks.end_to_end.meter import Meter
from cli.stack.chdb import clickhouse_spec
from cli.stack.probes import tcp_accepts
from cli.stack.spec import ChildSpec
from runtime.settings import ClickHouseSettings
from schemas.catalog import latest
from schemas.event import new_event_id
from schemas.topics import ANALYZED
from sinks.migrator import migrate
from sinks.tables import COMMANDS
from tests.services.process import HOST, free_port, running

_BLOCK_ROWS = 10_000
_WARM_UP = 10
_VERDICTS = ("ok", "ok", "ok", "info", "warning", "critical")
_BARE = "--bare"


def main() -> None:
    """Run everything and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="executions in the history")
    parser.add_argument("--devices", type=int, default=200, help="devices they come from")
    parser.add_argument("--requests", type=int, default=300, help="requests of each kind, one after the other")
    parser.add_argument("--clients", type=int, default=8, help="connections that ask at the same time")
    parser.add_argument(_BARE, type=int, metavar="PORT", help=argparse.SUPPRESS)
    flags = parser.parse_args()
    if flags.bare:
        _serve_bare(flags.bare)
        return
    with tempfile.TemporaryDirectory() as folder:
        figures = _measure(Path(folder), flags)
    shape = {"rows": flags.rows, "device_count": flags.devices, "clients": flags.clients, "cpus": os.cpu_count()}
    print(json.dumps({"benchmark": "api_latency", **shape, **figures}))


def _measure(folder: Path, flags: argparse.Namespace) -> dict[str, Any]:
    database, api, bare = free_port(), free_port(), free_port()
    url = f"http://{HOST}:{database}"
    settings = {"NETCOPILOT_CLICKHOUSE_URL": url, "NETCOPILOT_LOG_LEVEL": "warning"}
    specs = (
        clickhouse_spec(host=HOST, port=database, folder=folder / "data"),
        _spec("api", ("-m", "cli.main", "api", "--api-port", str(api)), api, settings),
        _spec("bare", (__file__, _BARE, str(bare)), bare, {}),
    )
    with ExitStack() as stack:
        processes = {spec.name: stack.enter_context(running(spec, folder)).pid for spec in specs}
        event_id = _fill(url, flags.rows, flags.devices)
        paths = {
            "list": "/v1/commands",
            "list_device": "/v1/commands?device=device-7",
            "list_verdict": "/v1/commands?verdict=critical&finding=disk.usage",
            "detail": f"/v1/commands/{event_id}",
            "timeseries": f"/v1/stats/timeseries?since={quote('-1d')}",
            "devices": "/v1/devices",
        }
        figures = {name: _figures(api, path, flags, processes) for name, path in paths.items()}
        return {**figures, "bare_starlette": _figures(bare, "/", flags, processes)}


def _figures(port: int, path: str, flags: argparse.Namespace, processes: Mapping[str, int]) -> dict[str, Any]:
    _latencies(port, path, _WARM_UP)
    meter = Meter(processes)
    seconds = _latencies(port, path, flags.requests)
    cuts = statistics.quantiles(seconds, n=20)
    cpu = meter.cpu_us_per_event(flags.requests)
    return {
        "p50_ms": round(cuts[9] * 1e3, 2),
        "p95_ms": round(cuts[18] * 1e3, 2),
        "requests_per_s": round(_rate(port, path, flags.requests, flags.clients)),
        "cpu_us": {name: microseconds for name, microseconds in cpu.items() if microseconds},
    }


def _rate(port: int, path: str, times: int, clients: int) -> float:
    """Return how many requests a second are answered while so many clients ask."""
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        done = sum(len(part) for part in pool.map(lambda _: _latencies(port, path, times // clients), range(clients)))
    return done / (time.perf_counter() - began)


def _latencies(port: int, path: str, times: int) -> list[float]:
    connection = http.client.HTTPConnection(HOST, port)
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        seconds.append(time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return seconds


def _fill(url: str, rows: int, devices: int) -> str:
    migrate(ClickHouseSettings(clickhouse_url=url))
    client = clickhouse_connect.get_client(dsn=url, database="netcopilot")
    schema = latest(ANALYZED.subject)
    columns = [field["name"] for field in schema.definition["fields"]]
    begin = datetime.now(UTC) - timedelta(days=1)
    event_id = ""
    for start in range(0, rows, _BLOCK_ROWS):
        block = [_event(begin + timedelta(days=n / rows), devices) for n in range(start, start + _BLOCK_ROWS)]
        buffer = io.BytesIO()
        fastavro.writer(buffer, schema.parsed, block)
        client.raw_insert(COMMANDS, columns, buffer.getvalue(), fmt="Avro")
        event_id = str(block[len(block) // 2]["event_id"])
    client.close()
    return event_id


def _event(started: datetime, devices: int) -> dict[str, Any]:
    verdict = random.choice(_VERDICTS)
    kind = random.choice(("disk.usage", "interface.down", "reachability.loss"))
    finding = {"kind": kind, "severity": verdict, "subject": "/var", "evidence": "97%", "line_start": 3, "line_end": 3}
    return {
        "event_id": new_event_id(),
        "device_id": f"device-{random.randrange(devices)}",
        "started_at": started,
        "ended_at": started,
        "os_type": random.choice(("linux", "ios", "nxos")),
        "command": random.choice(("df -h", "show ip bgp summary", "ping -c 3 10.0.0.1")),
        "status": "OK",
        "output": random.randbytes(300).hex(),
        "fingerprint": random.randbytes(16),
        "verdict": verdict,
        "summary": "a line that says what was found",
        "findings": [] if verdict == "ok" else [finding],
    }


def _serve_bare(port: int) -> None:
    item = {
        "event_id": str(new_event_id()),
        "findings": [{"kind": "disk.usage", "facts": {"a": "b"}}],
        "text": "x" * 500,
    }
    page = json.dumps({"items": [item] * 50, "next": None}).encode()

    async def answer(_request: Request) -> Response:
        return Response(page, media_type="application/json")

    settings = ApiSettings(api_host=HOST, api_port=port)
    uvicorn.Server(configuration(Starlette(routes=[Route("/", answer)]), settings)).run()


def _spec(name: str, argv: tuple[str, ...], port: int, settings: Mapping[str, str]) -> ChildSpec:
    environment = {"PYTHONPATH": str(Path(__file__).parents[1]), **settings}
    return ChildSpec(name, (sys.executable, *argv), ready=tcp_accepts(HOST, port), env=environment)


if __name__ == "__main__":
    main()
