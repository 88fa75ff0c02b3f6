import signal
import socket
import subprocess
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from cli.stack.ports import Port, PortPlan
from tests.cli.local_stack import LocalStack
from tests.services.process import HOST


@pytest.fixture
def stack(tmp_path: Path) -> LocalStack:
    return LocalStack(tmp_path / "data")


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> LocalStack:
    """A stack whose data the tests of this module share, in their order."""
    return LocalStack(tmp_path_factory.mktemp("up") / "data")


def assert_nothing_is_left(stack: LocalStack, children: dict[str, psutil.Process]) -> None:
    _, alive = psutil.wait_procs(list(children.values()), timeout=10)
    assert alive == []
    PortPlan(HOST, tuple(Port(name, number, "") for name, number in stack.ports.items())).check()
    assert not (stack.folder / "netcopilot.env").exists()
    assert not (stack.folder / "netcopilot.pid").exists()


def test_from_nothing_to_the_first_analysed_command_and_back_to_nothing(lasting: LocalStack) -> None:
    with lasting.running() as process:
        lasting.says("first analysed command:")
        children = lasting.children()
        assert set(children) == {"kafka", "redis", "clickhouse", "sink", "worker", "api", "agent"}
        assert (lasting.folder / "netcopilot.env").exists()
        assert lasting.stop(process) == 0, lasting.output
    assert not any("lost" in line for line in lasting.output), lasting.output
    assert_nothing_is_left(lasting, children)


def test_history_survives_a_restart_and_new_events_go_on(lasting: LocalStack) -> None:
    with lasting.running() as process:
        lasting.says("first analysed command:")
        events = [item["event_id"] for item in lasting.commands()]
        assert lasting.stop(process) == 0
    with lasting.running() as process:
        lasting.says("first analysed command:")
        again = [item["event_id"] for item in lasting.commands()]
        assert lasting.stop(process) == 0
    assert set(events) < set(again)
    assert len(set(again)) == len(again)


def test_what_was_published_just_before_the_end_is_stored(lasting: LocalStack) -> None:
    published = [f"printf drained-{number}" for number in range(300)]
    with lasting.running() as process:
        lasting.says("first analysed command:")
        lasting.produce(*published)
        assert lasting.stop(process) == 0
    assert not any("lost" in line for line in lasting.output), lasting.output
    with lasting.running() as process:
        lasting.says("first analysed command:")
        stored = [item["command"] for item in lasting.commands("printf drained-")]
        assert lasting.stop(process) == 0
    assert sorted(stored) == sorted(published)


@pytest.mark.timeout(600)
def test_each_part_comes_back_after_a_kill_and_events_go_on(lasting: LocalStack) -> None:
    with lasting.running() as process:
        lasting.says("first analysed command:")
        for victim in ("sink", "worker", "redis", "clickhouse", "api", "agent", "kafka"):
            before = lasting.children()
            before[victim].kill()
            lasting.until(partial(_is_back, lasting, before, victim))
            lasting.record(f"after-{victim}")
            lasting.until(partial(lasting.shows_once, f"after-{victim}"), within=120)
        assert lasting.stop(process) == 0


def _is_back(stack: LocalStack, before: dict[str, psutil.Process], name: str) -> bool:
    now = stack.children()
    return name in now and now[name].pid != before[name].pid


def test_nothing_survives_a_kill_of_the_supervisor(lasting: LocalStack) -> None:
    with lasting.running() as process:
        lasting.says("ready in")
        lasting.until(lambda: len(lasting.children()) >= 3)
        children = lasting.children()
        process.kill()
        process.wait()
    _, alive = psutil.wait_procs(list(children.values()), timeout=10)
    assert alive == []


def test_a_second_signal_ends_it_at_once(lasting: LocalStack) -> None:
    with lasting.running() as process:
        lasting.says("first analysed command:")
        children = lasting.children()
        for child in children.values():
            child.suspend()
        process.send_signal(signal.SIGTERM)
        lasting.says("stopping")
        lasting.until(lambda: _ends_when_told_again(process))
    assert_nothing_is_left(lasting, children)


def _ends_when_told_again(process: subprocess.Popen[str]) -> bool:
    """Signal once more; those close to the first count as the same."""
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(0.2)
    return process.returncode is not None


def test_a_taken_port_is_refused_before_anything_starts(stack: LocalStack) -> None:
    with socket.create_server((HOST, stack.ports["redis"])), stack.running() as process:
        assert process.wait(30) == 78
        stack.says(f"Port {stack.ports['redis']} (Valkey) is taken by process")
        stack.says("set NETCOPILOT_UP_REDIS_PORT (--redis-port) to a free port")
    assert not any("ready" in line for line in stack.output)


def test_a_folder_in_use_is_refused_with_the_pid(stack: LocalStack) -> None:
    with stack.running() as process:
        stack.says("ready in")
        second = LocalStack(stack.folder)
        with second.running() as refused:
            assert refused.wait(30) == 78
            second.says(f"(pid {process.pid})")


def test_a_child_that_cannot_run_ends_the_stack_with_its_last_lines(stack: LocalStack) -> None:
    with stack.running("--watch", "/nonexistent/watchlist.yml") as process:
        assert process.wait(90) == 1
        stack.says("agent")
        stack.says("Everything else was stopped.")
        stack.says("/nonexistent/watchlist.yml")
