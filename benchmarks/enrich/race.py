"""One contender on one backlog."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import psutil

from benchmarks.enrich.agreement import Said, said_by
from benchmarks.enrich.contender import Contender, Running
from benchmarks.enrich.load import Message
from benchmarks.enrich.meter import Cost, Meter
from benchmarks.enrich.stage import Scene, Stage

PATIENCE_SECONDS: Final = 60.0
"""Without one more event."""
_LOOK_EVERY_SECONDS: Final = 0.01


class ContenderError(Exception):
    """A contender ended, or did not finish."""


def race(
    stage: Stage, contender: Contender, messages: Sequence[Message], *, partitions: int
) -> tuple[Cost, list[Said]]:
    """Return what working off the messages cost, and what was said of each event.

    Raises:
        ContenderError: it ended before its work, or finished nothing for PATIENCE_SECONDS.

    """
    with stage.scene(partitions=partitions) as scene:
        scene.fill(messages)
        with contender.running(stage, scene) as running:
            cost = _cost(scene, running, len(messages))
        return cost, said_by(scene.analyzed())


def relay(stage: Stage, contender: Contender, messages: Sequence[Message], *, partitions: int, processes: int) -> Cost:
    """Return what several processes spent on messages that arrive when all of them have joined the group.

    Raises:
        ContenderError: as in race().

    """
    with (
        stage.scene(partitions=partitions) as scene,
        contender.running(stage, scene, processes=processes) as running,
    ):
        _await(lambda: scene.members() == processes, running, "a process did not join the group")
        scene.fill(messages)
        return _cost(scene, running, len(messages))


def prime(stage: Stage, contender: Contender, messages: Sequence[Message]) -> None:
    """Have a contender work off messages before it is measured, so that Redis knows their outputs.

    Raises:
        ContenderError: as in race().

    """
    with stage.scene(partitions=1) as scene:
        scene.fill(messages)
        with contender.running(stage, scene) as running:
            _work_off(scene, Meter([]), running, len(messages))


def _cost(scene: Scene, running: Running, events: int) -> Cost:
    meter = Meter([psutil.Process(process.pid) for process in running.processes])
    _work_off(scene, meter, running, events)
    return meter.cost()


def _work_off(scene: Scene, meter: Meter, running: Running, events: int) -> None:
    done = 0
    while not meter.look(done, of=events):
        _await(partial(scene.shows_more_than, done), running, f"stands still after {done} of {events} events")
        done = scene.outputs()


def _await(condition: Callable[[], bool], running: Running, complaint: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if running.ended or time.monotonic() > deadline:
            raise ContenderError(f"{complaint}; its log ends with\n{running.last_words()}")
        time.sleep(_LOOK_EVERY_SECONDS)


def read_only(stage: Stage, messages: Sequence[Message], *, partitions: int) -> Cost:
    """Return what it costs to read the messages with librdkafka and look at nothing."""
    with stage.scene(partitions=partitions) as scene:
        scene.fill(messages)
        argv = [sys.executable, "-m", "benchmarks.enrich.peers.reader", stage.servers, scene.prefix, str(len(messages))]
        answer = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=10 * PATIENCE_SECONDS)
    return Cost(**json.loads(answer.stdout))
