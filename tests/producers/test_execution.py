import os
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from producers.execution import decode
from producers.runner import LOCAL_OS_TYPE, Runner
from schemas.event import STDERR_MARKER

RUNNER = Runner(output_limit=64 * 1024)


def test_output_then_marked_errors() -> None:
    execution = RUNNER.run("echo oops >&2; echo fine", timeout=10)
    assert execution.output.text == f"fine\n{STDERR_MARKER}\noops\n"
    assert (execution.status, execution.exit_code, execution.os_type) == ("OK", 0, LOCAL_OS_TYPE)
    assert execution.output.total_bytes == len("fine\noops\n")
    assert not execution.output.truncated
    assert execution.duration_us > 0
    assert execution.started_at <= execution.ended_at


@pytest.mark.parametrize(
    ("command", "status", "exit_code"),
    [
        ("exit 3", "FAILED", 3),
        ("no-such-command-anywhere", "FAILED", 127),
        ("/etc/passwd", "DENIED", 126),
        ("echo 'ping: socket: Operation not permitted' >&2; exit 2", "DENIED", 2),
        ("echo 'Permission denied in passing'", "OK", 0),
        ("kill -TERM $$", "FAILED", 143),
    ],
)
def test_how_it_ended(command: str, status: str, exit_code: int) -> None:
    execution = RUNNER.run(command, timeout=10)
    assert (execution.status, execution.exit_code) == (status, exit_code)


def test_a_missing_command_is_told_by_the_shell() -> None:
    assert "no-such-command-anywhere: not found" in RUNNER.run("no-such-command-anywhere", timeout=10).output.text


def test_there_is_no_input_to_wait_for() -> None:
    assert RUNNER.run("cat; echo end", timeout=10).output.text == "end\n"


def test_a_timeout_ends_the_whole_group_and_keeps_the_output() -> None:
    started = time.monotonic()
    execution = RUNNER.run("echo $$; sleep 300 & trap '' TERM; sleep 300; wait", timeout=0.5)
    assert time.monotonic() - started < 30
    assert (execution.status, execution.exit_code) == ("TIMEOUT", 137)
    group = int(execution.output.text)
    with pytest.raises(ProcessLookupError):
        _until_gone(group)


def _until_gone(group: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        os.killpg(group, 0)
        time.sleep(0.02)


def test_a_daemon_left_behind_is_not_waited_for() -> None:
    started = time.monotonic()
    execution = RUNNER.run("sleep 300 & echo $!", timeout=60)
    assert time.monotonic() - started < 20
    assert execution.status == "OK"
    os.kill(int(execution.output.text), 9)


def test_what_is_over_the_limit_is_cut_and_counted() -> None:
    execution = RUNNER.run("seq 1 100000; echo why >&2; exit 1", timeout=30)
    assert execution.output.text.startswith("1\n2\n3\n")
    assert execution.output.text.endswith(f"{STDERR_MARKER}\nwhy\n")
    assert execution.output.truncated
    assert execution.output.total_bytes == 588_895 + 4


def test_what_is_no_utf8_is_replaced_and_counted() -> None:
    execution = RUNNER.run(r"printf 'a\377b\303\251\n'", timeout=10)
    assert (execution.output.text, execution.output.replaced) == ("a\ufffdbé\n", 1)


def test_a_replacement_character_in_the_output_is_no_replacement() -> None:
    assert decode("\ufffd".encode(), b"", total_bytes=3, limit=100).replaced == 0


@given(st.text(max_size=60), st.text(max_size=30), st.integers(4, 120))
def test_a_cut_never_tears_a_character(out: str, err: str, limit: int) -> None:
    assume(STDERR_MARKER not in out)
    stdout, stderr = out.encode(), err.encode()
    captured = decode(stdout, stderr, total_bytes=len(stdout) + len(stderr), limit=limit)
    assert captured.replaced == 0
    assert captured.truncated == (len(stdout) + len(stderr) > limit)
    body, _, errors = captured.text.partition(f"{STDERR_MARKER}\n") if stderr else (captured.text, "", "")
    assert out.startswith(body.removesuffix("\n")) or body == out
    assert err.startswith(errors)
