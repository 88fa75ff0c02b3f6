"""`netcopilot up` as a process, on ports and in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from tests.services.process import HOST, free_port

_PORTS = (
    "kafka",
    "kafka_controller",
    "redis",
    "clickhouse",
    "api",
    "sink_health",
    "worker_health",
    "agent_health",
    "explainer_health",
    "model",
)


class LocalStack:
    """One data folder and its ports; any number of runs, one after the other; with a model only where one is wanted."""

    def __init__(self, folder: Path, *, explain: bool = False) -> None:
        self.folder = folder
        self.explain = explain
        self.ports = {name: free_port() for name in _PORTS}
        self.output: list[str] = []
        self.process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What sets the ports, the folder and whether a model runs."""
        ports = {f"NETCOPILOT_UP_{name.upper()}_PORT": str(number) for name, number in self.ports.items()}
        own = {"NETCOPILOT_UP_DATA_DIR": str(self.folder), "NETCOPILOT_UP_EXPLAIN": str(self.explain).lower()}
        return {**os.environ, **ports, **own}

    @contextmanager
    def running(self, *flags: str) -> Iterator[subprocess.Popen[str]]:
        """Start `netcopilot up`; at the end of the block whatever still runs is killed."""
        self.output = []
        command = [sys.executable, "-m", "cli.main", "up", *flags]
        with subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        ) as process:
            self.process = process
            self._reader = threading.Thread(target=self._read, args=(process,), daemon=True)
            self._reader.start()
            try:
                yield process
            finally:
                process.kill()
                process.wait()
                self._reader.join(10)

    def says(self, text: str, *, within: float = 90.0) -> None:
        """Wait until a line holds the text."""
        self.until(lambda: any(text in line for line in self.output), within=within)

    def until(self, condition: Callable[[], bool], *, within: float = 60.0) -> None:
        """Wait until it is true; fail with the output where it is not in time or the stack ended."""
        deadline = time.monotonic() + within
        while not condition():
            ended = self.process is not None and self.process.poll() is not None and not self._still_reads()
            assert not ended, "".join(["the stack ended:\n", *self.output])
            assert time.monotonic() < deadline, "".join(["not in time:\n", *self.output])
            time.sleep(0.05)

    def children(self) -> dict[str, psutil.Process]:
        """The running children, by what they are."""
        assert self.process is not None
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # zombies too
                words = " ".join(child.cmdline())
                found.update({name: child for name, mark in _MARKS.items() if mark in words})
        return found

    def record(self, mark: str) -> None:
        """Run a command through `netcopilot exec`, which finds the stack by its data folder."""
        assert self._netcopilot("exec", "--", "echo", mark) == f"{mark}\n"

    def produce(self, *commands: str) -> None:
        """Publish executions of these commands, whose outputs do not matter."""
        self.produce_outputs((command, command) for command in commands)

    def produce_outputs(self, executions: Iterable[tuple[str, str]]) -> None:
        """Publish executions, command and output of each, with `netcopilot produce`."""
        lines = (json.dumps({"os_type": "linux", "command": line, "output": output}) for line, output in executions)
        self._netcopilot("produce", "--jsonl", "-", stdin="\n".join(lines))

    def shows_once(self, mark: str) -> bool:
        """Tell whether the API shows exactly one execution with that mark."""
        try:
            return sum(mark in item["command"] for item in self.commands()) == 1
        except OSError:
            return False

    def stop(self, process: subprocess.Popen[str], *, within: float = 60.0) -> int:
        """Ask it to end as Ctrl-C does; return its exit code."""
        process.send_signal(signal.SIGINT)
        return process.wait(within)

    def commands(self, prefix: str = "") -> list[dict[str, Any]]:
        """The newest executions that the API shows of command lines with that prefix."""
        query = urllib.parse.urlencode({"limit": 500, **({"command": prefix} if prefix else {})})
        with urllib.request.urlopen(f"http://{HOST}:{self.ports['api']}/v1/commands?{query}", timeout=10) as answer:
            items: list[dict[str, Any]] = json.load(answer)["items"]
            return items

    def _netcopilot(self, *arguments: str, stdin: str = "") -> str:
        return subprocess.run(
            [sys.executable, "-m", "cli.main", *arguments],
            env={**os.environ, "NETCOPILOT_UP_DATA_DIR": str(self.folder)},
            input=stdin,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.output.append(line)

    def _still_reads(self) -> bool:
        return self._reader is not None and self._reader.is_alive()


_MARKS = {
    "kafka": "tansu",
    "redis": "valkey-server",
    "clickhouse": "cli.stack.clickhouse",
    "sink": "cli.main sink",
    "worker": "cli.main worker",
    "api": "cli.main api",
    "agent": "cli.main agent",
    "explainer": "cli.main explainer",
    "model": "cli.stack.model",
}
