"""One rate: publish on schedule, listen, watch the rows."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from benchmarks.end_to_end.agent import Published, Sample, Schedule, publish
from benchmarks.end_to_end.clock import WallClock
from benchmarks.end_to_end.helper import Helper, helper
from benchmarks.end_to_end.listener import Received, listen_sse, listen_websocket
from benchmarks.end_to_end.local import LocalPath
from benchmarks.end_to_end.meter import Meter
from benchmarks.end_to_end.trace import Trace, read_traces
from benchmarks.end_to_end.visibility import ApiWatch, Frontier, TableWatch

_DATABASE: Final = "netcopilot"
_DRAIN_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.2
_LAST_SECONDS: Final = 1.0
"""How long listeners go on after the last row is visible, so that what comes late or twice is seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """All that was seen of a rate."""

    schedule: Schedule
    published: Published
    received: Mapping[str, Received]
    """By transport."""
    traces: Mapping[str, Sequence[Trace]]
    frontiers: Mapping[int, Frontier]
    api_latencies: Sequence[float]
    rows: int
    distinct_rows: int
    processes: Mapping[str, Mapping[str, float]]


def run(path: LocalPath, schedule: Schedule, spool: Path) -> Observation:
    """Publish what the schedule says and watch where it arrives."""
    client = clickhouse_connect.get_client(dsn=path.clickhouse_url, database=_DATABASE)
    watching = clickhouse_connect.get_client(dsn=path.clickhouse_url, database=_DATABASE)
    clock, api = WallClock.read(), (path.api_host, path.api_port)
    with (
        helper(listen_sse, *api) as sse,
        helper(listen_websocket, *api) as websocket,
        helper(publish, path.kafka, spool, schedule) as agent,
    ):
        for one in (sse, websocket, agent):
            one.await_ready()
        helpers = {"agent": agent.pid, "sse_listener": sse.pid, "websocket_listener": websocket.pid}
        with TableWatch(watching, schedule.agent_id) as table, ApiWatch(*api) as watch:
            meter = Meter({**path.processes, **helpers})
            agent.channel.send("go")
            published = _follow(agent, watch)
            processes = meter.reading()
            rows, distinct_rows = _drain(client, schedule)
        received = {"sse": _end(sse), "websocket": _end(websocket)}
    return Observation(
        schedule=schedule,
        published=published,
        received=received,
        traces=read_traces(path.kafka, schedule.agent_id, clock),
        frontiers=table.frontiers,
        api_latencies=watch.latencies,
        rows=rows,
        distinct_rows=distinct_rows,
        processes=processes,
    )


def _follow(agent: Helper, watch: ApiWatch) -> Published:
    """Pass the agent's samples on until it tells what it published."""
    while True:
        told: Any = agent.channel.recv()
        if isinstance(told, Published):
            return told
        if isinstance(told, Sample):
            watch.offer(told)


def _drain(client: Client, schedule: Schedule) -> tuple[int, int]:
    """Wait for all rows; return how many there are, and how many of different events."""
    deadline = time.monotonic() + _DRAIN_SECONDS
    while True:
        found = _count(client, schedule.agent_id)
        if found[1] >= schedule.total or time.monotonic() > deadline:
            time.sleep(_LAST_SECONDS)
            return _count(client, schedule.agent_id)
        time.sleep(_LOOK_SECONDS)


def _count(client: Client, agent_id: str) -> tuple[int, int]:
    query = "SELECT count(), uniqExact(event_id) FROM commands WHERE agent_id = {agent:String}"
    rows, distinct = client.query(query, parameters={"agent": agent_id}).result_rows[0]
    return int(rows), int(distinct)


def _end(listener: Helper) -> Received:
    listener.channel.send("over")
    received: Received = listener.channel.recv()
    return received
