"""The device's clock jumps an hour back and a day ahead under a running agent: order, ids and durations do not care.

The jump is real for the agent's process: a library loaded before libc's shifts what it is told of the wall clock, and
leaves the monotonic clock alone, as a clock that somebody sets does.
"""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from schemas.topics import EXECUTED
from tests.producers.conftest import Environment, ReadTopic, decoded, recorded
from tests.producers.test_agent import AGENT
from tests.services.topics import TopicFactory
from tests.services.waiting import until

HOUR, DAY = 3600, 86_400
COMPILER = shutil.which("cc")

pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C compiler for the library that shifts the clock")


class Clock:
    """A process's wall clock, and where the agent's counter tells how far it got."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "shift"
        self._counters = folder / "spool" / "sequences"
        self._library = folder / "wall_clock.so"
        self.set(0)
        source = Path(__file__).with_name("wall_clock.c")
        argv = [str(COMPILER), "-shared", "-fPIC", "-O1", "-o", str(self._library), str(source), "-ldl"]
        subprocess.run(argv, check=True, capture_output=True)

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self._library), "WALL_CLOCK_SHIFT": str(self._file)}

    def set(self, seconds: int) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self._file)

    def jump(self, seconds: int) -> None:
        """Jump while the agent works, and wait until it has made events after that."""
        before = self.made()
        self.set(seconds)
        until(lambda: self.made() >= before + 20, within=60)

    def made(self) -> int:
        files = list(self._counters.iterdir()) if self._counters.exists() else []
        return max((int(file.read_text() or 0) for file in files), default=0)


@contextmanager
def agent(environment: Environment, folder: Path) -> Iterator[None]:
    path = folder / "list.yml"
    path.write_text("commands: [{command: 'sleep 0.02', interval: 0.02, timeout: 5, jitter: 0}]")
    with subprocess.Popen([*AGENT, "--watch", str(path)], env=environment) as process:
        try:
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()


def test_ids_order_and_durations_survive_jumps_of_the_clock(
    kafka: str, topic_factory: TopicFactory, read_topic: ReadTopic, environment: Environment, tmp_path: Path
) -> None:
    prefix = topic_factory.prefixed(EXECUTED)
    clock = Clock(tmp_path)
    place = {"NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": kafka, "NETCOPILOT_KAFKA_TOPIC_PREFIX": prefix}
    limits = {"NETCOPILOT_AGENT_DRAIN_SECONDS": "60", "NETCOPILOT_PUBLISH_TIMEOUT_SECONDS": "5"}
    with agent({**environment, **clock.environment, **place, **limits}, tmp_path):
        for seconds in (0, -HOUR, DAY, 1, 0):
            clock.jump(seconds)
    events = [decoded(message) for message in read_topic(EXECUTED.named(prefix))]
    first = first_of_each(events)
    assert [event["sequence"] for event in first] == list(range(1, len(first) + 1))
    assert all(one["event_id"] < other["event_id"] for one, other in pairwise(first))
    for event in first:
        assert event["ended_at"] - event["started_at"] == timedelta(microseconds=event["duration_us"])
        assert event["duration_us"] < 5_000_000
        assert event["status"] == "OK"
    assert first[-1]["started_at"] - first[0]["started_at"] < timedelta(minutes=10)
    assert max(event["started_at"] for event in events) - first[0]["started_at"] > timedelta(hours=23)


def test_without_a_broker_events_are_spooled_in_order_whatever_the_clock_says(
    environment: Environment, tmp_path: Path
) -> None:
    clock = Clock(tmp_path)
    with agent({**environment, **clock.environment}, tmp_path):
        for seconds in (DAY, -HOUR, 0):
            clock.jump(seconds)
    events = recorded(environment)
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    assert len(events) >= 60


def first_of_each(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the events without the repeats that at-least-once delivery allows."""
    return list({event["event_id"]: event for event in reversed(events)}.values())[::-1]
