"""Replays that are killed, stopped, resumed and begun anew."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.streams.replay.history import PATIENCE, History, ping

pytestmark = pytest.mark.timeout(900)

COUNT = 200


def _begun(history: History) -> None:
    executions = [ping(number) for number in range(COUNT)]
    history.execute(executions)
    history.remember(executions)


def _half_way(history: History) -> str:
    """Wait until the journal says that something is done, and return the replay's name."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for path in (history.folder / "replays").glob("*.json"):
            entry = json.loads(path.read_text())
            if 0 < entry["tally"]["looked_at"] < COUNT:
                return path.stem
        time.sleep(0.02)
    raise TimeoutError("the replay never came to its middle")


def test_killed_in_the_middle_and_resumed_the_table_is_the_same(history: History) -> None:
    _begun(history)
    process = history.start("--from", "-1d", "--rate", "10")
    name = _half_way(history)
    history.kill(process, signal.SIGKILL)
    done = len(history.read())
    assert 0 < done < COUNT

    told = history.refuse("--from", "-1d", "--to", "-0s", "--resume", "0" * 12, code=2)
    assert "no replay" in told
    report = history.run("--resume", name)
    assert report["finished"]
    assert report["looked_at"] == COUNT
    assert COUNT <= len(history.read()) <= COUNT + 10
    history.sink()
    assert history.verdicts() == history.counted() == {"ok": COUNT // 2, "warning": COUNT // 2}
    assert "finished at" in history.refuse("--resume", name, code=2)


def test_an_interrupt_says_how_to_go_on(history: History) -> None:
    _begun(history)
    process = history.start("--from", "2020-01-01T00:00:00Z", "--source", "clickhouse", "--rate", "5")
    name = _half_way(history)
    assert "is running already" in history.refuse("--resume", name, code=78)
    _, told = history.kill(process, signal.SIGINT)
    assert process.returncode == 130
    assert f"netcopilot replay --resume {name}" in told

    again = ("--from", "2020-01-01T00:00:00Z", "--source", "clickhouse")
    assert f"--resume {name}" in history.refuse(*again, code=2)
    report = history.run("--resume", name)
    assert (report["finished"], report["looked_at"], report["published"]) == (True, COUNT, COUNT)


def test_offsets_of_another_life_of_the_topic_are_no_place_to_go_on(history: History) -> None:
    _begun(history)
    process = history.start("--from", "0:0", "--rate", "10")
    name = _half_way(history)
    history.kill(process, signal.SIGKILL)
    path = history.folder / "replays" / f"{name}.json"
    entry = json.loads(path.read_text())
    identity, _, offsets = entry["position"].partition(" ")
    path.write_text(json.dumps(entry | {"position": f"{'0' * len(identity)} {offsets}"}))
    assert "was made anew since" in history.refuse("--resume", name, code=78)


def test_a_broker_that_is_away_is_told_and_the_replay_stays_resumable(history: History) -> None:
    _begun(history)
    history.kafka = "127.0.0.1:1"
    told = history.refuse("--from", "-1d", code=os.EX_TEMPFAIL)
    assert "127.0.0.1:1" in told


def test_a_journal_of_something_else_is_named(history: History, tmp_path: Path) -> None:
    folder = history.folder / "replays"
    folder.mkdir()
    (folder / "abc.json").write_text("{}")
    assert "remove it to begin anew" in history.refuse("--resume", "abc", code=78)
