"""Runs a command as if nothing stood between it and the user, and keeps a copy of what it says.

Standard input is the command's own. Its output passes through unchanged and at once:

- where standard output is a terminal and input too, through a pseudo-terminal, so that the command sees a terminal (a
  session of its own: Ctrl-Z cannot stop it);
- otherwise through pipes: one for both outputs where both go to the same file, so that their order stays, two where
  not. A command whose output is a terminal but whose input is not gets pipes and so writes without colours.
"""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from types import FrameType

from producers.capture import Capture
from producers.execution import Run
from producers.forwarding import SignalForwarder
from producers.pump import Child, Pump, Sink
from producers.terminal import TerminalChild, explained_by_shell, plain, raw

_STDIN, _STDOUT, _STDERR = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Started:
    child: Child
    pid: int
    sinks: dict[int, Sink]
    feeds: dict[int, Sink]
    mode: AbstractContextManager[None]


class Passthrough:
    """One command's run; `keep` bytes of each output are kept."""

    def __init__(self, argv: list[str], *, keep: int) -> None:
        self._argv = argv
        self._out, self._err = Capture(keep), Capture(keep)
        self._is_terminal = os.isatty(_STDIN) and os.isatty(_STDOUT)

    def run(self, forwarder: SignalForwarder, *, started: Callable[[], None]) -> Run:
        """Run the command to its end; `started` is called once it runs. The forwarder is installed already."""
        started_at, began = datetime.now(UTC), time.monotonic_ns()
        process = self._start_on_terminal() if self._is_terminal else self._start_on_pipes()
        forwarder.attach(process.pid, shares_terminal=not self._is_terminal)
        with process.mode:
            started()
            Pump(process.child, process.sinks, process.feeds).run()
        forwarder.detach()
        return Run(
            returncode=process.child.wait(),
            started_at=started_at,
            duration_us=(time.monotonic_ns() - began) // 1000,
            stdout=self._plain(self._out),
            stderr=self._err,
        )

    def _start_on_pipes(self) -> _Started:
        merged = os.path.sameopenfile(_STDOUT, _STDERR)
        stderr = subprocess.STDOUT if merged else subprocess.PIPE
        try:
            child = subprocess.Popen(self._argv, stdout=subprocess.PIPE, stderr=stderr)
        except OSError:
            child = subprocess.Popen(explained_by_shell(self._argv), stdout=subprocess.PIPE, stderr=stderr)
        sinks: dict[int, Sink] = {}
        for pipe, target, capture in ((child.stdout, _STDOUT, self._out), (child.stderr, _STDERR, self._err)):
            if pipe is not None:
                with pipe:
                    sinks[os.dup(pipe.fileno())] = _tee(target, capture)
        return _Started(child, child.pid, sinks, {}, nullcontext())

    def _start_on_terminal(self) -> _Started:
        reader, writer = (None, None) if os.isatty(_STDERR) else os.pipe()
        child = TerminalChild(self._argv, stderr=writer)
        sinks = {child.master: _tee(_STDOUT, self._out)}
        if reader is not None and writer is not None:
            os.close(writer)
            sinks[reader] = _tee(_STDERR, self._err)

        def resize(_number: int, _frame: FrameType | None) -> None:
            child.resize()

        signal.signal(signal.SIGWINCH, resize)
        keys = {os.dup(_STDIN): lambda data: write_all(child.master, data)}
        return _Started(child, child.pid, sinks, keys, raw(_STDIN))

    def _plain(self, capture: Capture) -> Capture:
        if not self._is_terminal:
            return capture
        text = plain(capture.head)
        clean = Capture(len(text))
        clean.write(text)
        clean.total += capture.total - len(capture.head)
        return clean


def _tee(target: int, capture: Capture) -> Sink:
    def sink(data: bytes) -> None:
        capture.write(data)
        write_all(target, data)

    return sink


def write_all(descriptor: int, data: bytes) -> None:
    """Write everything, waiting for a slow or non-blocking reader as long as it takes."""
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            select.select([], [descriptor], [])
