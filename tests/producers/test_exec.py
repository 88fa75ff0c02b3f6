"""`netcopilot exec` as its users meet it: a process between them and their command."""

import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemas.topics import EXECUTED
from tests.producers.conftest import Environment, ReadTopic, decoded, recorded
from tests.services.topics import TopicFactory

EXEC = [sys.executable, "-c", "from producers.commands import exec_command; exec_command()"]


def run(environment: Environment, *command: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*EXEC, "--", *command], input=stdin, capture_output=True, env=environment, timeout=120, check=False
    )


def test_nothing_changes_for_the_user_and_the_run_is_recorded(environment: Environment) -> None:
    script = r"cat; printf 'a\377\n'; echo oops >&2; exit 3"
    result = run({**environment, "NETCOPILOT_USER_ID": "alice"}, "sh", "-c", script, stdin=b"in\x00put\n")
    assert (result.stdout, result.stderr, result.returncode) == (b"in\x00put\na\xff\n", b"oops\n", 3)
    (event,) = recorded(environment)
    assert event["output"] == "in\x00put\na\ufffd\n--- stderr ---\noops\n"
    assert (event["exit_code"], event["status"], event["user_id"]) == (3, "FAILED", "alice")
    assert event["command"] == "sh -c 'cat; printf '\"'\"'a\\377\\n'\"'\"'; echo oops >&2; exit 3'"
    assert (event["sequence"], event["os_type"]) == (1, "linux")
    assert event["session_id"]


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        (["no-such-command-anywhere"], 127, b"no-such-command-anywhere: not found"),
        (["/etc/passwd"], 126, b"Permission denied"),
        (["sh", "-c", "kill -TERM $$"], 143, b""),
        (["true", "--not-an-option", "-x"], 0, b""),
    ],
)
def test_exit_codes_are_a_shells(environment: Environment, command: list[str], code: int, message: bytes) -> None:
    result = run(environment, *command)
    assert result.returncode == code
    assert message in result.stderr
    (event,) = recorded(environment)
    assert event["exit_code"] == code


def test_a_script_without_an_interpreter_line_runs(environment: Environment, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("echo ran\n")
    script.chmod(0o755)
    assert run(environment, str(script)).stdout == b"ran\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1])
def test_signals_reach_the_command(environment: Environment, number: signal.Signals) -> None:
    name = number.name.removeprefix("SIG")
    script = f"trap 'echo got {name}; exit 7' {name}; echo ready; while :; do sleep 0.05; done"
    heeding = ["env", "--default-signal"]  # what a run of the tests ignores, as under nohup, its children would too
    process = subprocess.Popen(
        [*heeding, *EXEC, "--", "sh", "-c", script], stdout=subprocess.PIPE, env=environment, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    assert process.stdout.read() == f"got {name}\n".encode()
    assert process.wait(120) == 7
    process.stdout.close()


def test_output_comes_through_while_the_command_runs(environment: Environment) -> None:
    process = subprocess.Popen(
        [*EXEC, "--", "sh", "-c", "echo one; read line; echo $line"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"one\n"
    process.stdin.write(b"two\n")
    process.stdin.close()
    assert process.stdout.read() == b"two\n"
    assert process.wait(120) == 0
    process.stdout.close()


def test_the_order_of_both_outputs_stays_where_they_share_a_file(environment: Environment, tmp_path: Path) -> None:
    script = "for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo err $i >&2; done"
    with (tmp_path / "both").open("wb") as both:
        subprocess.run(
            [*EXEC, "--", "sh", "-c", script], stdout=both, stderr=both, env=environment, timeout=120, check=False
        )
    expected = "".join(f"out {i}\nerr {i}\n" for i in range(1, 10))
    assert (tmp_path / "both").read_text() == expected
    (event,) = recorded(environment)
    assert event["output"] == expected


def test_a_reader_that_leaves_ends_the_command_as_a_pipe_would(environment: Environment) -> None:
    pipeline = f"{' '.join(map(_quoted, EXEC))} -- yes | head -n 1; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", pipeline], capture_output=True, env=environment, timeout=120, check=False)
    assert result.stdout == b"y\n141\n"
    assert result.stderr == b""


def _quoted(word: str) -> str:
    return f"'{word}'"


def test_a_slow_reader_gets_everything(environment: Environment) -> None:
    process = subprocess.Popen([*EXEC, "--", "seq", "1", "200000"], stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    time.sleep(1)  # long enough for the command to end while its output still waits
    assert process.stdout.read().count(b"\n") == 200_000
    assert process.wait(120) == 0
    process.stdout.close()


def test_bytes_over_the_limit_pass_and_are_counted(environment: Environment) -> None:
    result = run({**environment, "NETCOPILOT_OUTPUT_LIMIT_BYTES": "1024"}, "seq", "1", "10000")
    assert result.stdout.count(b"\n") == 10_000
    (event,) = recorded(environment)
    assert event["output_truncated"] is True
    assert event["output_bytes"] == len(result.stdout)
    assert len(str(event["output"])) == 1024


class Terminal:
    """A user at a terminal who runs `netcopilot exec`."""

    def __init__(self, environment: Environment, command: list[str]) -> None:
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execve(EXEC[0], [*EXEC, "--", *command], environment)
        self.screen = b""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        try:
            while data := os.read(self.master, 4096):
                self.screen += data
        except OSError:
            return

    def wait_for(self, text: bytes) -> None:
        deadline = time.monotonic() + 60
        while text not in self.screen:
            assert time.monotonic() < deadline, self.screen
            time.sleep(0.02)

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def exit_code(self) -> int:
        _, status = os.waitpid(self.pid, 0)
        self._reader.join()
        return os.waitstatus_to_exitcode(status)


@pytest.fixture
def terminal(environment: Environment) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_terminal(*command: str) -> Terminal:
        opened.append(Terminal(environment, list(command)))
        return opened[-1]

    yield open_terminal
    for one in opened:
        os.close(one.master)


def test_a_terminal_stays_a_terminal(environment: Environment, terminal: Callable[..., Terminal]) -> None:
    script = (
        r"test -t 0 && test -t 1 && test -t 2 && printf '\033[1mbold\033[0m\n'; read line; echo got $line >/dev/tty"
    )
    user = terminal("sh", "-c", script)
    user.wait_for(b"\x1b[1mbold\x1b[0m\r\n")
    user.type(b"hello\r")
    user.wait_for(b"got hello\r\n")
    assert user.exit_code() == 0
    (event,) = recorded(environment)
    assert event["output"] == "bold\nhello\ngot hello\n"


def test_ctrl_c_reaches_the_command_alone(environment: Environment, terminal: Callable[..., Terminal]) -> None:
    user = terminal("sh", "-c", "echo ready; exec sleep 300")
    user.wait_for(b"ready")
    user.type(b"\x03")
    assert user.exit_code() == 130
    (event,) = recorded(environment)
    assert event["exit_code"] == 130


def test_what_can_be_neither_published_nor_spooled_is_told_and_changes_nothing_else(environment: Environment) -> None:
    result = run({**environment, "NETCOPILOT_SPOOL_DIR": "/proc/no"}, "sh", "-c", "echo out; exit 5")
    assert (result.stdout, result.returncode) == (b"out\n", 5)
    assert result.stderr.count(b"\n") == 1
    assert b"NETCOPILOT_SPOOL_DIR" in result.stderr


def test_a_wrong_setting_is_told_and_changes_nothing_else(environment: Environment) -> None:
    result = run({**environment, "NETCOPILOT_OUTPUT_LIMIT_BYTES": "many"}, "sh", "-c", "echo out; exit 5")
    assert (result.stdout, result.returncode) == (b"out\n", 5)
    assert b"output_limit_bytes" in result.stderr


def test_events_go_to_the_broker_and_behind_what_is_spooled(
    kafka: str, topic_factory: TopicFactory, read_topic: ReadTopic, environment: Environment
) -> None:
    prefix = topic_factory.prefixed(EXECUTED)
    topic = EXECUTED.named(prefix)
    run(environment, "echo", "first")
    online = {
        **environment,
        "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": kafka,
        "NETCOPILOT_KAFKA_TOPIC_PREFIX": prefix,
        "NETCOPILOT_EXEC_WAIT_SECONDS": "60",
        "TRACEPARENT": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    }
    result = run(online, "echo", "second")
    assert (result.stdout, result.stderr, result.returncode) == (b"second\n", b"", 0)
    messages = read_topic(topic)
    events = [decoded(message) for message in messages]
    assert [(event["sequence"], event["output"]) for event in events] == [(1, "first\n"), (2, "second\n")]
    assert [event["trace_id"] for event in events] == [None, "4bf92f3577b34da6a3ce929d0e0e4736"]
    assert recorded(environment) == []
