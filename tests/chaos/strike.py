"""Does a fault to the platform, and ends it."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.chaos.fault import EVERY, Action, Fault
from tests.chaos.platform import Platform
from tests.services.child import Child
from tests.services.proxy import FAIR, Proxy, Weather

_JOIN_SECONDS = 180.0
_WEATHERS = {
    Action.CUT: Weather(refuses=True),
    Action.HOLD: Weather(holds=True),
    Action.DELAY: Weather(delay=0.15),
    Action.TRUNCATE: Weather(truncates_after=3000),
}


def strike(fault: Fault, platform: Platform) -> None:
    """Let the fault happen; return when it is over, which for a killed process is at once."""
    match fault.kind.action:
        case Action.KILL:
            platform.keeper.kill(_process(fault, platform), away=fault.seconds)
        case Action.PAUSE:
            with _paused(_process(fault, platform)):
                platform.keeper.pass_time(fault.seconds)
        case Action.REBALANCE:
            _come_and_go(fault, platform)
        case action:
            with _bad_weather(_WEATHERS[action], _connections(fault, platform)):
                platform.keeper.pass_time(fault.seconds)


def _process(fault: Fault, platform: Platform) -> Child:
    return platform.processes[fault.kind.part][fault.target - 1]


def _connections(fault: Fault, platform: Platform) -> list[Proxy]:
    everything = platform.connections[fault.kind.part]
    return everything if fault.target == EVERY else [everything[fault.target - 1]]


@contextmanager
def _paused(child: Child) -> Iterator[None]:
    child.pause()
    try:
        yield
    finally:
        child.resume()


@contextmanager
def _bad_weather(weather: Weather, connections: list[Proxy]) -> Iterator[None]:
    for connection in connections:
        connection.be(weather)
        if weather.refuses:
            connection.cut()
    try:
        yield
    finally:
        for connection in connections:
            connection.be(FAIR)


def _come_and_go(fault: Fault, platform: Platform) -> None:
    worker = platform.spare_worker
    platform.keeper.keep(worker)
    platform.keeper.until(worker.spec.ready, within=_JOIN_SECONDS)
    platform.keeper.pass_time(fault.seconds)
    platform.keeper.retire(worker)
