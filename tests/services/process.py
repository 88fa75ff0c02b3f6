"""Runs one part of the local stack for the tests, from the same specification that `netcopilot up` runs."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.stack.spec import ChildSpec
from runtime.deathsignal import tie_to_this_process

HOST = "127.0.0.1"


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(spec: ChildSpec, folder: Path) -> Iterator[None]:
    """Run the part until the block ends; it is ready when the block begins, and gone after it."""
    log = folder / f"{spec.name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            spec.argv,
            env={**os.environ, **spec.env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=tie_to_this_process(),  # noqa: PLW1509 (started from the one thread of the tests)
        )
    try:
        _wait_until_ready(spec, process, log)
        yield
    finally:
        _stop(spec, process)


def _wait_until_ready(spec: ChildSpec, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + spec.ready_within
    while not spec.ready():
        if process.poll() is not None:
            raise RuntimeError(f"{spec.name} ended with {process.returncode}:\n{_tail(log)}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{spec.name} is not ready after {spec.ready_within:.0f} s:\n{_tail(log)}")
        time.sleep(0.05)


def _stop(spec: ChildSpec, process: subprocess.Popen[bytes]) -> None:
    process.send_signal(spec.stop_signal)
    try:
        process.wait(spec.stop_within)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
