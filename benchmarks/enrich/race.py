"""One contender on one backlog."""

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import psutil

from benchmarks.enrich.agreement import Said, said_by
from benchmarks.enrich.contender import Contender
from benchmarks.enrich.load import Message
from benchmarks.enrich.meter import Cost, Meter
from benchmarks.enrich.stage import Scene, Stage

PATIENCE_SECONDS: Final = 30.0
"""Without one more event."""
_LOOK_EVERY_SECONDS: Final = 0.01


class ContenderError(Exception):
    """A contender ended, or did not finish."""


def race(
    stage: Stage,
    contender: Contender,
    messages: Sequence[Message],
    *,
    partitions: int,
    processes: int = 1,
) -> tuple[Cost, list[Said]]:
    """Return what working off the messages cost, and what was said of each event.

    Raises:
        ContenderError: it ended before its work, or finished nothing for PATIENCE_SECONDS.

    """
    with stage.scene(messages, partitions=partitions) as scene:
        with contender.running(stage, scene, processes=processes) as started:
            meter = Meter([psutil.Process(process.pid) for process in started])
            _work_off(scene, meter, started, len(messages), stage.folder / f"{scene.prefix}{contender.name}.log")
        return meter.cost(), said_by(scene.analyzed())


def prime(stage: Stage, contender: Contender, messages: Sequence[Message]) -> None:
    """Have a contender work off messages before it is measured, so that Redis knows their outputs.

    Raises:
        ContenderError: as in race().

    """
    with stage.scene(messages, partitions=1) as scene, contender.running(stage, scene) as started:
        _work_off(scene, Meter([]), started, len(messages), stage.folder / f"{scene.prefix}{contender.name}.log")


def _work_off(scene: Scene, meter: Meter, started: Iterable[subprocess.Popen[bytes]], events: int, log: Path) -> None:
    done, deadline = 0, time.monotonic() + PATIENCE_SECONDS
    while not meter.look(done, of=events):
        if any(process.poll() is not None for process in started):
            raise ContenderError(f"ended after {done} of {events} events:\n{_tail(log)}")
        if time.monotonic() > deadline:
            raise ContenderError(f"stands still after {done} of {events} events:\n{_tail(log)}")
        time.sleep(_LOOK_EVERY_SECONDS)
        before, done = done, scene.outputs()
        if done > before:
            deadline = time.monotonic() + PATIENCE_SECONDS


def read_only(stage: Stage, messages: Sequence[Message], *, partitions: int) -> Cost:
    """Return what it costs to read the messages with librdkafka and look at nothing."""
    with stage.scene(messages, partitions=partitions) as scene:
        argv = [sys.executable, "-m", "benchmarks.enrich.peers.reader", stage.servers, scene.prefix, str(len(messages))]
        answer = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=10 * PATIENCE_SECONDS)
    return Cost(**json.loads(answer.stdout))


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
