"""Runs a command line for the agent: in a shell, on a leash of time and bytes."""

import os
import platform
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from producers.capture import Capture
from producers.execution import Execution, Run
from producers.pump import Pump

_GRACE_SECONDS = 0.5
LOCAL_OS_TYPE = platform.system().lower()


class Runner:
    """Runs command lines with `/bin/sh -c`, so that what a shell says of a command that is missing is the output.

    Each command gets a process group of its own, no input, and the C locale, which parsers understand. When its time is
    up the whole group gets SIGTERM and, half a second later, SIGKILL.
    """

    def __init__(self, *, output_limit: int) -> None:
        self._output_limit = output_limit
        self._changed = threading.Condition()
        self._groups: set[int] = set()
        self._ended = False

    def run(self, command: str, *, timeout: float, os_type: str = LOCAL_OS_TYPE) -> Execution:
        """Run a command line for `timeout` seconds at most and return how it went; raises nothing on its account."""
        started_at, started = datetime.now(UTC), time.monotonic_ns()
        child = subprocess.Popen(
            ["/bin/sh", "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            process_group=0,
        )
        out, err = Capture(self._output_limit), Capture(self._output_limit)
        with self._known(child.pid):
            in_time = _supervise(child, out, err, timeout)
        run = Run(
            returncode=child.returncode,
            started_at=started_at,
            duration_us=(time.monotonic_ns() - started) // 1000,
            stdout=out,
            stderr=err,
        )
        return run.conclude(command, os_type=os_type, limit=self._output_limit, in_time=in_time)

    def end_all(self) -> None:
        """End what runs, and what begins from now on, as if its time were up; takes half a second at most."""
        with self._changed:
            self._ended = True
            for group in self._groups:
                _signal_group(group, signal.SIGTERM)
            self._changed.wait_for(lambda: not self._groups, _GRACE_SECONDS)
            for group in self._groups:
                _signal_group(group, signal.SIGKILL)

    @contextmanager
    def _known(self, group: int) -> Iterator[None]:
        with self._changed:
            self._groups.add(group)
            if self._ended:
                _signal_group(group, signal.SIGKILL)
        try:
            yield
        finally:
            with self._changed:
                self._groups.discard(group)
                self._changed.notify_all()


def _supervise(child: subprocess.Popen[bytes], out: Capture, err: Capture, timeout: float) -> bool:
    """Return whether the child ended in time; it has ended in any case."""
    if child.stdout is None or child.stderr is None:
        raise ValueError("the child's output goes through pipes")
    with child.stdout, child.stderr:
        sinks = {os.dup(child.stdout.fileno()): out.write, os.dup(child.stderr.fileno()): err.write}
    pump = Pump(child, sinks)
    if pump.run(timeout=timeout):
        return True
    for number in (signal.SIGTERM, signal.SIGKILL):
        _signal_group(child.pid, number)
        if pump.run(timeout=_GRACE_SECONDS):
            break
    _signal_group(child.pid, signal.SIGKILL)
    child.wait()
    pump.close()
    return False


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return
