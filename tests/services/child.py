"""One part of the local stack as a process that a test may kill, pause and start anew."""

import os
import signal
import subprocess
import time
from pathlib import Path

from cli.stack.spec import ChildSpec
from runtime.deathsignal import tie_to_this_process


class Child:
    """A process made from the same specification that `netcopilot up` runs; its output goes to `NAME.log`.

    It dies with the thread that starts it (see `runtime.deathsignal`).
    """

    def __init__(self, spec: ChildSpec, folder: Path) -> None:
        self.spec = spec
        self.log = folder / f"{spec.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process's number; it must have been started."""
        return self._started.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, None while it runs."""
        return self._started.poll()

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, also again after it ended; returns at once."""
        if self.runs:
            raise RuntimeError(f"{self.spec.name} runs already")
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.spec.argv,
                env={**os.environ, **self.spec.env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=tie_to_this_process(),  # noqa: PLW1509 (started from one thread)
            )

    def wait_until_ready(self) -> None:
        """Wait until it serves.

        Raises:
            RuntimeError: it ended, or took longer than its specification allows; with the end of its log.

        """
        deadline = time.monotonic() + self.spec.ready_within
        while not self.spec.ready():
            if not self.runs:
                raise RuntimeError(f"{self.spec.name} ended with {self.returncode}:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"{self.spec.name} is not ready after {self.spec.ready_within:.0f} s:\n{self.tail()}"
                )
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a crash does: SIGKILL to the process and its children, then collect it."""
        if self.runs:
            os.killpg(self.pid, signal.SIGKILL)
        self._started.wait()

    def pause(self) -> None:
        """Stop it where it is, as a machine that hangs (SIGSTOP)."""
        os.killpg(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after `pause`."""
        os.killpg(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it as its specification says; kill it where it takes longer than allowed."""
        if not self.runs:
            return
        self.resume()
        self._started.send_signal(self.spec.stop_signal)
        try:
            self._started.wait(self.spec.stop_within)
        except subprocess.TimeoutExpired:
            self.kill()

    def tail(self, lines: int = 20) -> str:
        """Return the end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    @property
    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError(f"{self.spec.name} was never started")
        return self._process
