from dataclasses import replace
from random import Random

import pytest

from benchmarks.end_to_end.agent import Published, Schedule
from benchmarks.end_to_end.clock import WallClock, now
from benchmarks.end_to_end.crowd import Crowd, Subscriber
from benchmarks.end_to_end.figures import percentile, summary
from benchmarks.end_to_end.load import sights
from benchmarks.end_to_end.report import report
from benchmarks.end_to_end.run import Course, Observation
from benchmarks.end_to_end.trace import Trace
from benchmarks.end_to_end.visibility import Frontier

BLOCK = b'id: a.0:1\nevent: command\ndata: {"event_id":"x"}\n\n'


def course() -> Course:
    """Two events and one of the warm-up, published and stored."""
    return Course(
        published=Published(
            intended={"one": 100.0, "two": 200.0},
            published={"warm": 1.0, "one": 101.0, "two": 205.0},
            acknowledged={"warm": 9.0, "one": 110.0, "two": 220.0},
            warm_up=["warm"],
            output_characters=[10, 20, 30],
        ),
        busy_before=0,
        processes={},
        cpu_us_per_event={},
        frontiers={0: Frontier([0, 1], [50.0, 500.0]), 1: Frontier([0], [900.0])},
        api_latencies=[300.0],
        rows=3,
        distinct_rows=3,
    )


def observation() -> Observation:
    """All of them arrive; the second takes longer."""
    return Observation(
        schedule=Schedule(agent_id="a", rate=10, events=2, warm_up=1, new_share=0.1, seed=1, sample_every=1),
        course=course(),
        received={"sse": {"warm": [20.0], "one": [120.0], "two": [260.0]}},
        crowd=None,
        traces={
            "warm": [Trace(0, 0, 2.0, 4.0, 6.0, "MISS")],
            "one": [Trace(0, 1, 105.0, 110.0, 112.0, "MISS")],
            "two": [Trace(1, 0, 210.0, 240.0, 250.0, "HIT_OUTPUT")],
        },
    )


def test_latencies_count_from_when_an_event_was_to_be_published() -> None:
    figures = report(observation())
    assert figures["live_ms"]["sse"] == {"events": 2, "p50": 20.0, "p95": 60.0, "p99": 60.0, "max": 60.0}
    assert (figures["row_visible_ms"]["p50"], figures["row_visible_ms"]["p95"]) == (400.0, 700.0)


def test_the_hops_of_an_event_add_up() -> None:
    hops = report(observation())["hops_ms"]
    way = ("late_and_publish", "publish_to_broker", "broker_to_analysis", "analysis_to_broker", "broker_to_subscriber")
    assert [hops[name]["max"] for name in way] == [5.0, 5.0, 30.0, 10.0, 10.0]
    assert sum(hops[name]["max"] for name in way) == 60.0


def test_all_is_well_where_all_arrived_once() -> None:
    figures = report(observation())
    assert set(figures["lost"].values()) == set(figures["duplicates"].values()) == {0}


def test_what_is_lost_or_comes_twice_is_told_also_of_the_warm_up() -> None:
    seen = observation()
    traces = {**seen.traces, "two": [*seen.traces["two"]] * 2}
    del traces["warm"]
    figures = report(
        replace(
            seen, received={"sse": {"one": [120.0, 121.0]}}, traces=traces, course=replace(course(), distinct_rows=2)
        )
    )
    assert figures["lost"] == {"not_delivered": 0, "sse": 2, "analyzed": 1, "rows": 1}
    assert figures["duplicates"] == {"sse": 1, "analyzed": 1, "rows": 1}


def test_a_row_that_was_never_seen_has_no_latency() -> None:
    seen = replace(observation(), course=replace(course(), frontiers={0: Frontier([0], [50.0])}))
    assert report(seen)["row_visible_ms"]["events"] == 0


@pytest.mark.parametrize(("percent", "expected"), [(50, 2), (95, 4), (99, 4), (25, 1), (26, 2)])
def test_percentiles_are_values_that_occurred(percent: float, expected: float) -> None:
    assert percentile([1, 2, 3, 4], percent) == expected


def test_nothing_measured_has_no_percentiles() -> None:
    assert summary([]) == {"events": 0}


def test_times_since_the_epoch_are_told_on_the_clock_of_all_processes() -> None:
    clock = WallClock(ahead=1000.0)
    assert clock.monotonic(1500.0) == 500.0
    assert abs(WallClock.read().ahead - WallClock.read().ahead) < 1000
    assert now() <= now()


def test_a_load_has_its_share_of_new_outputs_and_repeats_the_same() -> None:
    plan = sights(400, new_share=0.25, random=Random(5))
    outputs = [sight.execution.output for sight in plan]
    assert 0.15 * len(plan) < len(set(outputs)) < 0.35 * len(plan)
    assert plan == sights(400, new_share=0.25, random=Random(5))
    assert len({sight.device for sight in plan}) > 40


@pytest.mark.parametrize("size", [1, 7, 40, 1000])
def test_a_crowd_counts_events_however_they_are_cut(size: int) -> None:
    crowd = Crowd(1)
    subscriber, stream = Subscriber(crowd, "host"), BLOCK * 5 + b"event: end\ndata: {}\n\n"
    for start in range(0, len(stream), size):
        subscriber.data_received(stream[start : start + size])
    assert (crowd.events, crowd.cut) == (5, 1)
