"""`netcopilot produce` as its users meet it."""

import gzip
import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from producers.pace import Pace
from schemas.topics import EXECUTED
from tests.producers.conftest import Environment, ReadTopic, decoded, recorded
from tests.producers.test_recordings import CORPORA
from tests.services.topics import TopicFactory

PRODUCE = [sys.executable, "-c", "from producers.commands import produce_command; produce_command()"]


def run(environment: Environment, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [*PRODUCE, *arguments], input=stdin, capture_output=True, env=environment, timeout=170, check=False
    )
    return subprocess.CompletedProcess(result.args, result.returncode, result.stdout.decode(), result.stderr.decode())


@pytest.mark.skipif(not CORPORA.exists(), reason="no corpora: see NETCOPILOT_CORPORA")
def test_895_rows_are_895_messages(
    kafka: str, topic_factory: TopicFactory, read_topic: ReadTopic, environment: Environment
) -> None:
    prefix = topic_factory.prefixed(EXECUTED, partitions=4)
    topic = EXECUTED.named(prefix)
    online = {
        **environment,
        "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": kafka,
        "NETCOPILOT_KAFKA_TOPIC_PREFIX": prefix,
        "NETCOPILOT_PUBLISH_TIMEOUT_SECONDS": "60",
    }
    rows = gzip.decompress((CORPORA / "suzieq.jsonl.gz").read_bytes())
    result = run(online, "--jsonl", "-", "--tenant", "acme", stdin=rows)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("895 events in ")
    assert result.stderr == ""
    messages = read_topic(topic)
    events = [decoded(message) for message in messages]
    assert sorted(event["sequence"] for event in events) == list(range(1, 896))
    assert len({event["event_id"] for event in events}) == 895
    expected = Counter(json.loads(row)["hostname"] for row in rows.splitlines())
    assert Counter(event["device_id"] for event in events) == expected
    assert {event["tenant_id"] for event in events} == {"acme"}


def test_a_bad_line_is_told_counted_and_passed_over(environment: Environment, tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b'{"command": "a"}\n\nrubbish secret-word\n{"output": ""}\n{"command": "b"}\n')
    result = run(environment, "--jsonl", str(path), "--limit", "4")
    told = [line for line in result.stderr.splitlines() if line.startswith("line ")]
    assert told == ["line 3: no JSON: Expecting value", "line 4: `command` is missing"]
    assert "secret-word" not in result.stderr
    assert "2 events" in result.stdout
    assert "2 bad lines" in result.stdout
    assert [event["command"] for event in recorded(environment)] == ["a", "b"]


def test_strict_stops_at_a_bad_line(environment: Environment) -> None:
    result = run(environment, "--jsonl", "-", "--strict", stdin=b'{"command": "a"}\nrubbish\n{"command": "b"}\n')
    assert result.returncode == 1
    assert "line 2 is no execution" in result.stderr


def test_without_a_broker_it_says_that_events_wait_and_the_exit_code_says_so_too(environment: Environment) -> None:
    result = run(environment, "--jsonl", "-", stdin=b'{"command": "a"}\n')
    assert result.returncode == os.EX_TEMPFAIL
    assert "wait in the spool" in result.stdout


def test_repeat_and_limit(environment: Environment, tmp_path: Path) -> None:
    path = tmp_path / "rows.gz"
    path.write_bytes(gzip.compress(b'{"command": "a"}\n{"command": "b"}\n'))
    run(environment, "--jsonl", str(path), "--repeat", "3", "--limit", "5")
    assert [event["command"] for event in recorded(environment)] == ["a", "b", "a", "b", "a"]
    assert run(environment, "--jsonl", "-", "--repeat", "2").returncode == 2


def test_a_missing_file_is_named(environment: Environment) -> None:
    result = run(environment, "--jsonl", "/no/such/file")
    assert result.returncode == 1
    assert "cannot read /no/such/file" in result.stderr


def test_the_bar_shows_when_asked_for(environment: Environment) -> None:
    assert "events" in run(environment, "--jsonl", "-", "--progress", stdin=b'{"command": "a"}\n').stderr


class Clock:
    """A clock that only sleeping moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_rate_is_kept_evenly() -> None:
    clock = Clock()
    pace = Pace(4, clock=clock, sleep=clock.sleep)
    steps = []
    for _ in range(5):
        pace.wait()
        steps.append(clock.now)
    assert steps == [0, 0.25, 0.5, 0.75, 1.0]


def test_no_rate_never_sleeps() -> None:
    started = time.monotonic()
    pace = Pace(None, sleep=lambda _seconds: pytest.fail("slept"))
    for _ in range(1000):
        pace.wait()
    assert time.monotonic() - started < 10
