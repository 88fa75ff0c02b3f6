import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil
import pytest

from cli.stack.console import Console
from cli.stack.restarts import RestartPolicy
from cli.stack.spec import ChildSpec
from cli.stack.supervisor import GaveUpError, Supervisor
from runtime.errors import TransientError
from tests.cli.stack.children import failing, serving, starts, stopped_at, stubborn

QUICK = RestartPolicy(first_delay=0.05, longest_delay=0.1, deaths=3, window=60.0)


def supervisor_of(folder: Path, *stages: list[ChildSpec]) -> Supervisor:
    return Supervisor(stages, logs=folder, log_bytes=100_000, console=Console(), policy=QUICK)


@asynccontextmanager
async def started(folder: Path, *stages: list[ChildSpec]) -> AsyncIterator[Supervisor]:
    supervisor = supervisor_of(folder, *stages)
    try:
        await supervisor.start()
        yield supervisor
    finally:
        await supervisor.kill()


async def until(condition: Callable[[], bool]) -> None:
    assert await asyncio.to_thread(_came_true, condition)


def _came_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def running_pid(supervisor: Supervisor, name: str) -> int:
    pid = supervisor.pid(name)
    assert pid is not None
    return pid


def has_started(supervisor: Supervisor, folder: Path, count: int) -> bool:
    return starts("child", folder) == count and supervisor.are_ready("child")


async def test_children_start_stage_by_stage_and_each_leads_a_process_group(tmp_path: Path) -> None:
    first_was_ready = []

    def look() -> bool:
        first_was_ready.append((tmp_path / "first").exists())
        return (tmp_path / "second").exists()

    second = replace(serving("second", tmp_path), ready=look)
    async with started(tmp_path, [serving("first", tmp_path)], [second]) as supervisor:
        assert all(first_was_ready)
        for name in ("first", "second"):
            pid = running_pid(supervisor, name)
            assert os.getpgid(pid) == pid
            assert supervisor.are_ready(name)


async def test_a_child_that_is_killed_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with started(tmp_path, [serving("child", tmp_path)]) as supervisor:
        os.kill(running_pid(supervisor, "child"), signal.SIGKILL)
        await until(partial(has_started, supervisor, tmp_path, 2))
    assert "killed by SIGKILL; starting it again in" in capsys.readouterr().out


async def test_a_child_that_keeps_dying_is_given_up_with_its_last_lines(tmp_path: Path) -> None:
    supervisor = supervisor_of(tmp_path, [serving("good", tmp_path)], [failing("bad", 3)])
    with pytest.raises(GaveUpError, match="bad died 3 times within 60 s") as error:
        await supervisor.start()
    assert str(error.value).count("last words of bad") == 1
    await supervisor.stop_all()
    assert supervisor.pid("good") is None


async def test_a_child_that_starts_to_die_later_is_given_up_too(tmp_path: Path) -> None:
    async with started(tmp_path, [serving("child", tmp_path)]) as supervisor:
        watching = asyncio.create_task(supervisor.watch())
        for count in (1, 2, 3):
            await until(partial(has_started, supervisor, tmp_path, count))
            os.kill(running_pid(supervisor, "child"), signal.SIGKILL)
        with pytest.raises(GaveUpError, match="child died 3 times"):
            await watching


async def test_a_refused_configuration_is_not_tried_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    supervisor = supervisor_of(tmp_path, [failing("bad", os.EX_CONFIG)])
    with pytest.raises(GaveUpError, match=r"refuses its configuration(.|\n)*last words of bad"):
        await supervisor.start()
    await supervisor.kill()
    assert "starting it again" not in capsys.readouterr().out


async def test_a_program_that_does_not_exist_is_given_up(tmp_path: Path) -> None:
    spec = ChildSpec(name="ghost", argv=("/nonexistent/program",), ready=lambda: False)
    supervisor = supervisor_of(tmp_path, [spec])
    with pytest.raises(GaveUpError, match="ghost cannot be started"):
        await supervisor.start()
    await supervisor.kill()


async def test_a_child_that_is_not_ready_in_time_counts_as_dead(tmp_path: Path) -> None:
    spec = replace(serving("slow", tmp_path), ready=lambda: False, ready_within=0.1)
    supervisor = supervisor_of(tmp_path, [spec])
    with pytest.raises(GaveUpError, match="slow died 3 times"):
        await supervisor.start()
    assert supervisor.pid("slow") is None
    await supervisor.kill()


async def test_a_child_that_makes_no_progress_is_ended_and_comes_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter([True, False, True, False, False])
    alive = partial(next, answers, True)
    spec = replace(serving("child", tmp_path), alive=alive, alive_every=0.01, alive_failures=2)
    async with started(tmp_path, [spec]) as supervisor:
        await until(partial(has_started, supervisor, tmp_path, 2))
    assert next(answers, None) is None
    assert "makes no progress" in capsys.readouterr().out


async def test_children_restart_after_one_that_they_need(tmp_path: Path) -> None:
    broker = serving("broker", tmp_path)
    reader = replace(serving("reader", tmp_path), needs=frozenset({"broker"}))
    async with started(tmp_path, [broker], [reader, serving("other", tmp_path)]) as supervisor:
        os.kill(running_pid(supervisor, "broker"), signal.SIGKILL)
        await until(lambda: starts("reader", tmp_path) == 2 and supervisor.are_ready("reader"))
        assert starts("broker", tmp_path) == 2
        assert starts("other", tmp_path) == 1


async def test_what_follows_readiness_is_done_after_every_start_and_retried(tmp_path: Path) -> None:
    calls: list[int] = []

    def make_topics() -> None:
        calls.append(len(calls))
        if len(calls) == 1:
            raise TransientError("not yet")

    async with started(tmp_path, [replace(serving("broker", tmp_path), once_ready=make_topics)]) as supervisor:
        assert len(calls) == 2
        os.kill(running_pid(supervisor, "broker"), signal.SIGKILL)
        await until(lambda: len(calls) == 3 and supervisor.are_ready("broker"))


async def test_the_last_stage_stops_first(tmp_path: Path) -> None:
    async with started(tmp_path, [serving("first", tmp_path)], [serving("second", tmp_path)]) as supervisor:
        await supervisor.stop_all()
        assert stopped_at("second", tmp_path) < stopped_at("first", tmp_path)
        assert supervisor.pid("first") is supervisor.pid("second") is None


async def test_a_child_that_is_stopped_stays_stopped(tmp_path: Path) -> None:
    async with started(tmp_path, [serving("child", tmp_path)]) as supervisor:
        await supervisor.stop("child")
        await supervisor.stop("child")
        assert supervisor.pid("child") is None
        assert not supervisor.are_ready("child")
    assert starts("child", tmp_path) == 1


async def test_a_child_that_ignores_the_stop_is_killed(tmp_path: Path) -> None:
    async with started(tmp_path, [stubborn("child", tmp_path)]) as supervisor:
        pid = running_pid(supervisor, "child")
        await supervisor.stop("child")
        assert not psutil.pid_exists(pid)


async def test_what_a_dead_child_leaves_behind_is_ended(tmp_path: Path) -> None:
    script = (
        "import pathlib, subprocess, sys, time; "
        "orphan = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
        f"pathlib.Path('{tmp_path}/orphan').write_text(str(orphan.pid)); time.sleep(600)"
    )
    spec = replace(serving("child", tmp_path), ready=(tmp_path / "orphan").exists)
    async with started(tmp_path, [replace(spec, argv=(*spec.argv[:2], script))]) as supervisor:
        await until(lambda: (tmp_path / "orphan").read_text() != "")
        orphan = int((tmp_path / "orphan").read_text())
        await supervisor.stop("child")
        await until(lambda: not _runs(orphan))


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
