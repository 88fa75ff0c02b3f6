import asyncio
from collections.abc import AsyncIterator

import psutil
import pytest

from runtime.line_process import LineProgram
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.analysis.thresholds import ThresholdBook
from streams.slow_lane.slow_lane import SlowLane
from tests.runtime.line_programs import program
from tests.streams.pathological import RUNAWAY

PING = (
    "4 packets transmitted, 4 received, 0% packet loss, time 3060ms\nrtt min/avg/max/mdev = 150.0/150.0/150.0/0.0 ms\n"
)
SLOW_PING = Execution("acme", "linux", "ping -c 4 10.0.0.1", "OK", 0, f"--- 10.0.0.1 ping statistics ---\n{PING}")


@pytest.fixture
async def lane() -> AsyncIterator[SlowLane]:
    lane = SlowLane(deadline=0.25, processes=2)
    yield lane
    await lane.close()


async def test_it_answers_as_the_engine_does(lane: SlowLane) -> None:
    assert await lane.analyze(SLOW_PING) == Engine().analyze(SLOW_PING)


async def test_it_judges_by_the_same_thresholds() -> None:
    text = '{"tenants": {"acme": {"latency_ms": 100}}}'
    lane = SlowLane(deadline=0.25, processes=1, thresholds=text)
    analysis = await lane.analyze(SLOW_PING)
    await lane.close()
    assert analysis == Engine(thresholds=ThresholdBook.from_json(text)).analyze(SLOW_PING)
    assert analysis is not None
    assert [finding.kind for finding in analysis.findings] == ["reachability.latency"]


async def test_a_parse_that_runs_away_ends_at_its_deadline(lane: SlowLane) -> None:
    analysis = await lane.analyze(RUNAWAY)
    assert analysis is not None
    assert analysis.parse_status == "TIMEOUT"


async def test_the_event_loop_goes_on_meanwhile(lane: SlowLane) -> None:
    await lane.analyze(SLOW_PING)
    turns = 0
    analysing = asyncio.create_task(lane.analyze(RUNAWAY))
    while not analysing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100


@pytest.mark.parametrize("ended", ["os._exit(1)", "time.sleep(600)"], ids=["dies", "hangs"])
async def test_an_output_that_ends_the_process_has_no_analysis(ended: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.slow_lane.slow_lane.GRACE_SECONDS", 0.1)
    broken = program(ended, start_seconds=0.2)
    monkeypatch.setattr(LineProgram, "python", lambda *_, **__: broken)
    before = psutil.Process().children()
    lane = SlowLane(deadline=0.1, processes=1)
    async with asyncio.timeout(20):
        assert await lane.analyze(SLOW_PING) is None
    await lane.close()
    assert psutil.Process().children() == before
