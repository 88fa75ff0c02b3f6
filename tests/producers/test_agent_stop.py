"""How `netcopilot agent` ends: in time, with nothing lost, whatever its commands and its broker do."""

import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from producers.errors import SpoolUnusableError
from producers.sole_agent import only_agent
from tests.producers.conftest import Environment, recorded
from tests.producers.test_agent import AGENT
from tests.services.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

STUBBORN = "trap '' TERM; sleep 600"


def watchlist_of(folder: Path) -> Path:
    """Forty commands that come due all the time, one that takes long, and one that does not end when asked to."""
    fast = [f"{{command: 'echo {number}', interval: 0.01, jitter: 0}}" for number in range(40)]
    slow = [f'{{command: "{command}", timeout: 600}}' for command in ("sleep 600", STUBBORN)]
    path = folder / "list.yml"
    path.write_text(f"commands: [{', '.join(slow + fast)}]")
    return path


@contextmanager
def agent(environment: Environment, watchlist: Path) -> "Iterator[subprocess.Popen[bytes]]":
    argv = [*AGENT, "--watch", str(watchlist)]
    with subprocess.Popen(argv, stderr=subprocess.PIPE, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def test_under_load_without_a_broker_it_stops_in_time_and_spools_everything(
    environment: Environment, tmp_path: Path
) -> None:
    limits = {"NETCOPILOT_AGENT_DRAIN_SECONDS": "1", "NETCOPILOT_PUBLISH_TIMEOUT_SECONDS": "60"}
    counters = tmp_path / "spool" / "sequences"
    with agent({**environment, **limits}, watchlist_of(tmp_path)) as process:
        until(
            lambda: counters.exists() and any(int(file.read_text() or 0) > 100 for file in counters.iterdir()),
            within=60,
        )
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=60)
        took = time.monotonic() - asked
    assert process.returncode == 0, log
    assert took < 15, log
    events = recorded(environment)
    given_out = max(int(file.read_text()) for file in counters.iterdir())
    assert sorted(event["sequence"] for event in events) == list(range(1, given_out + 1))
    ended = {event["command"]: event["exit_code"] for event in events}
    assert (ended["sleep 600"], ended[STUBBORN]) == (128 + signal.SIGTERM, 128 + signal.SIGKILL)


def test_a_second_agent_on_the_folder_is_told_to_go_elsewhere(environment: Environment, tmp_path: Path) -> None:
    with only_agent(tmp_path / "spool"):
        result = subprocess.run([*AGENT, "--once"], capture_output=True, env=environment, timeout=60, check=False)
    assert result.returncode == 78
    assert b"another agent runs on the spool folder" in result.stderr
    assert b"NETCOPILOT_SPOOL_DIR" in result.stderr


def test_an_agent_that_was_killed_leaves_the_folder_free(environment: Environment, tmp_path: Path) -> None:
    with agent(environment, watchlist_of(tmp_path)):
        until(lambda: is_taken(tmp_path / "spool"), within=60)
    with only_agent(tmp_path / "spool"), pytest.raises(SpoolUnusableError), only_agent(tmp_path / "spool"):
        pass


def is_taken(folder: Path) -> bool:
    try:
        with only_agent(folder):
            return False
    except SpoolUnusableError:
        return True
