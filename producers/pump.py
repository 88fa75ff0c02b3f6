"""Moves what a child process writes to those who want it, until the child is through."""

import os
import selectors
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

_CHUNK = 64 * 1024
_AFTER_END_SECONDS = 0.05
"""How long pipes are still read after the child's end where somebody else, a daemon it left, holds them open."""

_PIPE_BYTES = 1 << 20
"""What pipes can still hold when the child has ended, at most; whoever writes more is not the child."""

Sink = Callable[[bytes], None]
"""Takes what was read. BrokenPipeError means that nobody wants more: the pipe is closed, as a shell's would be."""


class Child(Protocol):
    """A process of one's own, as subprocess.Popen is one."""

    returncode: int | None

    def wait(self) -> int:
        """Wait for its end and return `returncode`: the exit code, or -n for signal n."""


class Pump:
    """Reads a child's outputs as they fill, and its inputs as they come."""

    def __init__(self, child: Child, sinks: Mapping[int, Sink], feeds: Mapping[int, Sink] | None = None) -> None:
        """Take descriptors to read from, each with its sink; the pump closes them.

        `sinks` are the child's outputs, read to their end; `feeds` are read for as long as the child lives.
        """
        self._child = child
        self._outputs = set(sinks)
        self._sinks = {**sinks, **(feeds or {})}
        self._bytes_after_end = 0

    def run(self, *, timeout: float | None = None) -> bool:
        """Return True once the child has ended and its pipes are read, False where that takes more than `timeout`.

        After False the pipes are still open: end the child and run again.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        ended = self._watch_end()
        with selectors.DefaultSelector() as selector:
            selector.register(ended, selectors.EVENT_READ)
            for descriptor in self._sinks:
                selector.register(descriptor, selectors.EVENT_READ)
            try:
                return self._loop(selector, ended, deadline)
            finally:
                os.close(ended)

    def close(self) -> None:
        """Close what is still open."""
        for descriptor in list(self._sinks):
            self._close(descriptor)

    def _loop(self, selector: selectors.BaseSelector, ended: int, deadline: float | None) -> bool:
        while self._child.returncode is None or self._outputs:
            ready = selector.select(_left(deadline))
            if not ready and self._child.returncode is None:
                return False
            if not ready or self._bytes_after_end > _PIPE_BYTES:
                break
            for key, _ in ready:
                if key.fd == ended:
                    selector.unregister(ended)
                    deadline = time.monotonic() + _AFTER_END_SECONDS
                elif not self._move(key.fd):
                    selector.unregister(key.fd)
                    self._close(key.fd)
        self.close()
        return True

    def _move(self, descriptor: int) -> bool:
        try:
            data = os.read(descriptor, _CHUNK)
        except OSError:  # EIO: how a pseudo-terminal tells its end
            return False
        if not data:
            return False
        if self._child.returncode is not None:
            self._bytes_after_end += len(data)
        try:
            self._sinks[descriptor](data)
        except BrokenPipeError:
            return False
        return True

    def _close(self, descriptor: int) -> None:
        self._sinks.pop(descriptor)
        self._outputs.discard(descriptor)
        os.close(descriptor)

    def _watch_end(self) -> int:
        """Return a descriptor that becomes readable when the child has ended."""
        reader, writer = os.pipe()

        def wait() -> None:
            self._child.wait()
            os.close(writer)

        threading.Thread(target=wait, name="child-end", daemon=True).start()
        return reader


def _left(deadline: float | None) -> float | None:
    return None if deadline is None else max(deadline - time.monotonic(), 0)
