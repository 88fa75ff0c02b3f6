from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from streams.analysis.analysis import Analysis
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.enrichment.analyst import Analyst, Quickness
from streams.slow_lane.slow_lane import SlowLane
from tests.streams.pathological import RUNAWAY, runaway

QUICK = Execution("t", "linux", "uptime", "OK", 0, "up 3 days")


@pytest.fixture
async def lane() -> AsyncIterator[SlowLane]:
    lane = SlowLane(deadline=0.25, processes=1)
    yield lane
    await lane.close()


@pytest.fixture
def analyst(lane: SlowLane) -> Analyst:
    return Analyst(CountingEngine(), lane, Quickness(seconds=0.025, characters=1_000))


class CountingEngine(Engine):
    calls = 0

    def analyze(self, execution: Execution, deadline: float | None = None) -> Analysis:
        type(self).calls += 1
        return super().analyze(execution, deadline)


def test_most_outputs_are_analysed_at_once(analyst: Analyst) -> None:
    assert analyst.at_once(QUICK, b"t/r1") == Engine().analyze(QUICK)


async def test_what_takes_long_is_analysed_patiently_with_the_full_deadline(analyst: Analyst) -> None:
    assert analyst.at_once(RUNAWAY, b"t/r1") is None
    analysis = await analyst.patiently(RUNAWAY, b"t/r1")
    assert analysis.parse_status == "TIMEOUT"
    assert await analyst.patiently(QUICK, b"t/r1") == Engine().analyze(QUICK)


def test_what_was_slow_once_is_not_tried_again_from_there(analyst: Analyst) -> None:
    CountingEngine.calls = 0
    assert analyst.at_once(RUNAWAY, b"t/r1") is None
    assert analyst.at_once(replace(RUNAWAY, output="Vlan"), b"t/r1") is None
    assert CountingEngine.calls == 1
    assert analyst.at_once(replace(RUNAWAY, output="Vlan"), b"t/r2") is not None
    assert analyst.at_once(QUICK, b"t/r1") is not None


async def test_where_an_output_ran_away_the_next_get_one_short_trial(analyst: Analyst) -> None:
    assert analyst.at_once(RUNAWAY, b"t/r1") is None
    await analyst.patiently(RUNAWAY, b"t/r1")
    next_one = analyst.at_once(replace(RUNAWAY, output=runaway(2)), b"t/r1")
    assert next_one is not None
    assert next_one.parse_status == "TIMEOUT"
    good = replace(RUNAWAY, output="Vlan  Name  Ports  Type  Authorization\n")
    assert analyst.at_once(good, b"t/r1") == Engine().analyze(good)
    assert analyst.at_once(replace(RUNAWAY, output=runaway(3)), b"t/r2") is None


def test_a_long_output_is_not_tried(analyst: Analyst) -> None:
    assert analyst.at_once(replace(QUICK, output="x" * 1_001), b"t/r1") is None


async def test_what_the_slow_lane_fails_on_still_has_an_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(SlowLane):
        async def analyze(self, execution: Execution) -> Analysis | None:
            return None

    analyst = Analyst(Engine(), Failing(deadline=0.25, processes=1), Quickness(seconds=0.025, characters=1_000))
    analysis = await analyst.patiently(QUICK, None)
    assert (analysis.parse_status, analysis.verdict) == ("TIMEOUT", "unknown")
    assert len(analysis.fingerprint) == 16
