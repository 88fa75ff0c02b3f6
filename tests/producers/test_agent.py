"""`netcopilot agent` and its watchlists."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from producers.execution import CapturedText, Execution
from producers.runner import Runner
from producers.watcher import Watcher
from producers.watchlist import DEFAULT_WATCHLIST, Timing, WatchedCommand, Watchlist, load_watchlist
from runtime.errors import ConfigurationError
from runtime.lifecycle import Shutdown
from schemas.event import EPOCH
from schemas.topics import EXECUTED
from tests.producers.conftest import Environment, ReadTopic, decoded, recorded
from tests.services.process import free_port
from tests.services.topics import TopicFactory

AGENT = [sys.executable, "-c", "from producers.commands import agent_command; agent_command()"]


def watchlist(*commands: str, **timing: float) -> Watchlist:
    return Watchlist(defaults=Timing(**timing), commands=tuple(WatchedCommand(command=c) for c in commands))


def execution(command: str) -> Execution:
    return Execution(
        command=command,
        status="OK",
        exit_code=0,
        output=CapturedText("", 0, truncated=False, replaced=0),
        started_at=EPOCH,
        ended_at=EPOCH,
        duration_us=1,
        os_type="linux",
    )


def test_the_default_watchlist_is_well_formed_and_changes_nothing() -> None:
    commands = [watched.command for watched in load_watchlist(DEFAULT_WATCHLIST).commands]
    assert {"ip addr", "ip route", "ip neigh", "ss -s", "df -h", "uptime", "ping -c 3 127.0.0.1"} <= set(commands)
    assert not any(word in command for command in commands for word in (">", "|", ";", "sudo", "rm "))


def test_every_default_command_ends_well_before_its_timeout_or_is_not_installed() -> None:
    loaded = load_watchlist(DEFAULT_WATCHLIST)
    runner = Runner(output_limit=64 * 1024)
    for watched in loaded.commands:
        ran = runner.run(watched.command, timeout=watched.timing(loaded.defaults).timeout)
        assert ran.status != "TIMEOUT", watched.command
        assert ran.exit_code != 127 or "not found" in ran.output.text


def test_a_commands_own_times_win_over_the_defaults() -> None:
    watched = WatchedCommand(command="x", interval=5)
    assert watched.timing(Timing(interval=60, timeout=7)) == Timing(interval=5, timeout=7)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("commands: [", "no YAML in line"),
        ("commands: []", "commands"),
        ("commands: [{command: x, intervall: 3}]", "intervall"),
        ("commands: [{command: x, timeout: 0}]", "timeout"),
        ("commands: [{command: x}, {command: x}]", "twice"),
        ("- x", "file"),
    ],
)
def test_a_wrong_watchlist_says_what_and_where(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "list.yml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=reason) as caught:
        load_watchlist(path)
    assert str(path) in str(caught.value)


def test_a_missing_watchlist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot read the watchlist .*none\.yml"):
        load_watchlist(tmp_path / "none.yml")


def test_a_round_runs_every_command_once() -> None:
    ran: list[str] = []
    watcher = Watcher(
        watchlist("a", "b", "c"),
        run=lambda watched, _timing: execution(watched.command),
        report=lambda watched, _execution: ran.append(watched.command),
        concurrency=2,
    )
    watcher.run_once(Shutdown())
    watcher.finish(60, end_commands=lambda: None)
    assert sorted(ran) == ["a", "b", "c"]


def test_no_more_than_so_many_run_at_a_time_and_none_beside_itself() -> None:
    shutdown, lock, at_work, peak, rounds = Shutdown(), threading.Lock(), list[str](), list[int](), list[str]()

    def run(watched: WatchedCommand, _timing: Timing) -> Execution:
        with lock:
            assert watched.command not in at_work
            at_work.append(watched.command)
            peak.append(len(at_work))
        time.sleep(0.03)
        with lock:
            at_work.remove(watched.command)
            rounds.append(watched.command)
            if len(rounds) >= 20:
                shutdown.request()
        return execution(watched.command)

    watcher = Watcher(
        watchlist(*"abcdef", interval=0.01), run=run, report=lambda _watched, _execution: None, concurrency=3
    )
    watcher.run(shutdown, on_tick=lambda: None)
    watcher.finish(60, end_commands=lambda: None)
    assert max(peak) == 3
    assert set(rounds) == set("abcdef")
    assert at_work == []


def test_what_a_report_raises_ends_the_watch() -> None:
    def report(_watched: WatchedCommand, _execution: Execution) -> None:
        raise RuntimeError("defect")

    watcher = Watcher(
        watchlist("a", interval=0.01), run=lambda w, _timing: execution(w.command), report=report, concurrency=1
    )
    with pytest.raises(RuntimeError, match="defect"):
        watcher.run(Shutdown(), on_tick=lambda: None)


def test_once_without_a_broker_spools_a_round(environment: Environment, tmp_path: Path) -> None:
    path = tmp_path / "list.yml"
    path.write_text("commands: [{command: echo a, os_type: ios, labels: {k: v}}, {command: no-such-command-here}]")
    result = subprocess.run(
        [*AGENT, "--once", "--watch", str(path)], capture_output=True, env=environment, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr
    events = {str(event["command"]): event for event in recorded(environment)}
    assert (events["echo a"]["os_type"], events["echo a"]["labels"]) == ("ios", {"k": "v"})
    assert events["no-such-command-here"]["exit_code"] == 127
    assert sorted(int(str(event["sequence"])) for event in events.values()) == [1, 2]


def test_it_publishes_at_once_tells_its_health_and_stops_with_nothing_lost(
    kafka: str, topic_factory: TopicFactory, read_topic: ReadTopic, environment: Environment, tmp_path: Path
) -> None:
    prefix, port = topic_factory.prefixed(EXECUTED), free_port()
    topic = EXECUTED.named(prefix)
    path = tmp_path / "list.yml"
    path.write_text("commands: [{command: echo a, interval: 0.2}, {command: 'sleep 1; echo slow', interval: 60}]")
    agent = subprocess.Popen(
        [*AGENT, "--watch", str(path)],
        stderr=subprocess.PIPE,
        env={
            **environment,
            "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": kafka,
            "NETCOPILOT_KAFKA_TOPIC_PREFIX": prefix,
            "NETCOPILOT_HEALTH_PORT": str(port),
            "NETCOPILOT_AGENT_DRAIN_SECONDS": "60",
            "NETCOPILOT_PUBLISH_TIMEOUT_SECONDS": "60",
        },
    )
    _wait_until(lambda: 'outcome="delivered"} ' in _get(port, "/metrics"))
    assert '"status": "ok"' in _get(port, "/healthz")
    assert '"status": "ok"' in _get(port, "/readyz")
    agent.send_signal(signal.SIGTERM)
    _, log = agent.communicate(timeout=120)
    assert agent.returncode == 0, log
    events = [decoded(message) for message in read_topic(topic)]
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    assert {event["command"] for event in events} >= {"echo a"}
    assert recorded(environment) == []


def _get(port: int, path: str) -> str:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}").text
    except httpx.TransportError:
        return ""


def _wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
