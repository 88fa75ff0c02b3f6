"""A rate's observation as the figures that are printed."""

import bisect
import os
import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from benchmarks.end_to_end.crowd import Crowd
from benchmarks.end_to_end.figures import between, summary
from benchmarks.end_to_end.run import Observation
from benchmarks.end_to_end.visibility import API_POLL_MILLISECONDS, TABLE_POLL_MILLISECONDS

Times = dict[str, float]
"""Milliseconds of the monotonic clock by event id."""


def report(seen: Observation) -> dict[str, Any]:
    """Return the figures of a rate; all times are milliseconds, counted from when an event was to be published."""
    intended = seen.course.published.intended
    live = {transport: _first(received) for transport, received in seen.received.items()}
    visible = _visible(seen)
    return {
        "benchmark": "end_to_end",
        "rate": seen.schedule.rate,
        "events": len(intended),
        "live_ms": {transport: summary(between(intended, times)) for transport, times in live.items()},
        **({} if seen.crowd is None else {"crowd": _crowd(seen, seen.crowd)}),
        "row_visible_ms": summary(between(intended, visible)) | {"polled_every": TABLE_POLL_MILLISECONDS},
        "api_get_ms": summary(seen.course.api_latencies) | {"polled_every": API_POLL_MILLISECONDS},
        "lost": _lost(seen),
        "duplicates": _duplicates(seen),
        "hops_ms": _hops(seen, live["sse"], visible),
        "load": _load(seen),
        "cpu_us_per_event": seen.course.cpu_us_per_event,
        "processes": seen.course.processes,
        "machine": {
            "cpus": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),
            "busy_percent_before": seen.course.busy_before,
            "processor": platform.machine(),
        },
    }


def _crowd(seen: Observation, crowd: Crowd) -> dict[str, Any]:
    """Return what many subscribers got, and how late it came to those that note times."""
    times = [late for one in crowd.timed for late in between(seen.course.published.intended, _first(one))]
    return {
        "subscribers": crowd.subscribers,
        "delivered_percent": round(100 * crowd.events / (crowd.subscribers * seen.schedule.total), 2),
        "cut": crowd.cut,
        "timed_subscribers": len(crowd.timed),
        "live_ms": summary(times),
    }


def _first(received: Mapping[str, list[float]]) -> Times:
    return {event: min(moments) for event, moments in received.items()}


def _visible(seen: Observation) -> Times:
    """Return when each event's row was seen in ClickHouse."""
    found = {}
    for event, traces in seen.traces.items():
        frontier = seen.course.frontiers.get(traces[0].partition)
        place = bisect.bisect_left(frontier.offsets, traces[0].offset) if frontier else 0
        if frontier and place < len(frontier.moments):
            found[event] = frontier.moments[place]
    return found


def _lost(seen: Observation) -> dict[str, int]:
    """Return how many events did not arrive, at each end of the path; warm-up included."""
    expected = {*seen.course.published.intended, *seen.course.published.warm_up}
    return {
        "not_delivered": seen.course.published.not_delivered,
        **{transport: len(expected - received.keys()) for transport, received in seen.received.items()},
        "analyzed": len(expected - seen.traces.keys()),
        "rows": len(expected) - seen.course.distinct_rows,
    }


def _duplicates(seen: Observation) -> dict[str, int]:
    return {
        **{transport: _repeated(received.values()) for transport, received in seen.received.items()},
        "analyzed": _repeated(seen.traces.values()),
        "rows": seen.course.rows - seen.course.distinct_rows,
    }


def _repeated(groups: Iterable[Any]) -> int:
    return sum(len(group) - 1 for group in groups)


def _hops(seen: Observation, live: Times, visible: Times) -> dict[str, dict[str, float]]:
    """Return what each hop takes; the broker's times are whole milliseconds."""
    wanted = seen.course.published.intended
    traces = {event: found[0] for event, found in seen.traces.items() if event in wanted}
    executed = {event: trace.executed for event, trace in traces.items()}
    analyzed = {event: trace.analyzed for event, trace in traces.items()}
    appended = {event: trace.appended for event, trace in traces.items() if trace.appended is not None}
    hops = {
        "late_and_publish": between(wanted, seen.course.published.published),
        "publish_to_broker": between(seen.course.published.published, executed),
        "broker_to_analysis": between(executed, analyzed),
        "analysis_to_broker": between(analyzed, appended),
        "broker_to_subscriber": between(appended, live),
        "broker_to_row": between(appended, visible),
        "publish_to_acknowledgement": between(seen.course.published.published, seen.course.published.acknowledged),
    }
    return {name: summary(times) for name, times in hops.items()}


def _load(seen: Observation) -> dict[str, Any]:
    statuses = Counter(found[0].cache_status for found in seen.traces.values())
    total = max(1, statuses.total())
    return {
        "output_characters_median": median(seen.course.published.output_characters),
        "outputs_never_seen_percent": round(100 * seen.schedule.new_share, 1),
        "cache_percent": {status: round(100 * count / total, 1) for status, count in statuses.items()},
    }
