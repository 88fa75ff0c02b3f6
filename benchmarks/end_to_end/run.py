"""One rate: publish on schedule, listen, watch the rows."""

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from benchmarks.end_to_end.agent import Published, Sample, Schedule, publish
from benchmarks.end_to_end.calm import await_calm
from benchmarks.end_to_end.clock import WallClock
from benchmarks.end_to_end.crowd import Crowd, gather
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
class Course:
    """What was seen while events were published, and until all were visible."""

    published: Published
    busy_before: float
    """How busy the machine was with other work, in percent."""
    processes: Mapping[str, Mapping[str, float]]
    """What each took while events were published."""
    cpu_us_per_event: Mapping[str, int]
    """What each took until all was visible."""
    frontiers: Mapping[int, Frontier]
    api_latencies: Sequence[float]
    rows: int
    distinct_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """All that was seen of a rate."""

    schedule: Schedule
    course: Course
    received: Mapping[str, Received]
    """By transport."""
    crowd: Crowd | None
    """The many subscribers, where they were wanted."""
    traces: Mapping[str, Sequence[Trace]]


def run(path: LocalPath, schedule: Schedule, spool: Path, *, subscribers: int = 0, patience: float = 0) -> Observation:
    """Publish what the schedule says and watch where it arrives, in the company of so many more live subscribers.

    Wait `patience` seconds at most for a calm machine.
    """
    clock, api = WallClock.read(), (path.api_host, path.api_port)
    with (
        _crowd(api, subscribers) as crowd,
        helper(listen_sse, *api) as sse,
        helper(listen_websocket, *api) as websocket,
        helper(publish, path.kafka, spool, schedule) as agent,
    ):
        helpers = {"agent": agent, "sse_listener": sse, "websocket_listener": websocket}
        helpers |= {} if crowd is None else {"crowd": crowd}
        for one in helpers.values():
            one.await_ready()
        course = _take_course(path, schedule, helpers, await_calm(patience))
        received = {"sse": _end(sse), "websocket": _end(websocket)}
        crowded = None if crowd is None else _end(crowd)
    traces = read_traces(path.kafka, schedule.agent_id, clock)
    return Observation(schedule=schedule, course=course, received=received, crowd=crowded, traces=traces)


def _take_course(path: LocalPath, schedule: Schedule, helpers: Mapping[str, Helper], busy_before: float) -> Course:
    """Let the agent publish, and watch until all is visible."""
    client, watching = (clickhouse_connect.get_client(dsn=path.clickhouse_url, database=_DATABASE) for _ in range(2))
    agent = helpers["agent"]
    with TableWatch(watching, schedule.agent_id) as table, ApiWatch(path.api_host, path.api_port) as watch:
        meter = Meter({**path.processes, **{name: one.pid for name, one in helpers.items()}})
        agent.channel.send("go")
        published = _follow(agent, watch)
        processes = meter.shares()
        _drain(client, schedule)
        cpu_us_per_event = meter.cpu_us_per_event(schedule.total)
        time.sleep(_LAST_SECONDS)
    rows, distinct_rows = _count(client, schedule.agent_id)
    return Course(
        published=published,
        busy_before=busy_before,
        processes=processes,
        cpu_us_per_event=cpu_us_per_event,
        frontiers=table.frontiers,
        api_latencies=watch.latencies,
        rows=rows,
        distinct_rows=distinct_rows,
    )


def _follow(agent: Helper, watch: ApiWatch) -> Published:
    """Pass the agent's samples on until it tells what it published."""
    while True:
        told: Any = agent.channel.recv()
        if isinstance(told, Published):
            return told
        if isinstance(told, Sample):
            watch.offer(told)


def _drain(client: Client, schedule: Schedule) -> None:
    """Wait for all rows, as long as there is hope."""
    deadline = time.monotonic() + _DRAIN_SECONDS
    while _count(client, schedule.agent_id)[1] < schedule.total and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)


def _count(client: Client, agent_id: str) -> tuple[int, int]:
    """Return how many rows there are, and of how many events."""
    query = "SELECT count(), uniqExact(event_id) FROM commands WHERE agent_id = {agent:String}"
    rows, distinct = client.query(query, parameters={"agent": agent_id}).result_rows[0]
    return int(rows), int(distinct)


def _crowd(api: tuple[str, int], subscribers: int) -> AbstractContextManager[Helper | None]:
    return helper(gather, *api, subscribers) if subscribers else nullcontext()


def _end(listener: Helper) -> Any:
    listener.channel.send("over")
    return listener.channel.recv()
