"""A pseudo-terminal between a command and the user's terminal, so that the command sees a terminal."""

import fcntl
import os
import pty
import re
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_]|[()][0-9A-Za-z])")


class TerminalChild:
    """A process that leads a session on a pseudo-terminal of its own; `master` is our end of it."""

    def __init__(self, argv: list[str], *, stderr: int | None) -> None:
        """Start it, with standard error elsewhere where a descriptor is given. Call before any thread runs."""
        self.returncode: int | None = None
        size = window_size(1)
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            _become(argv, stderr=stderr, size=size)

    def wait(self) -> int:
        """Wait for the end and return the exit code, or -n for signal n."""
        if self.returncode is None:
            _, status = os.waitpid(self.pid, 0)
            self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def resize(self) -> None:
        """Take over the size of the user's terminal."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, window_size(1))


def _become(argv: list[str], *, stderr: int | None, size: bytes) -> None:
    """Turn this fresh child process into the command, or into a shell that says why not."""
    try:
        fcntl.ioctl(1, termios.TIOCSWINSZ, size)
        if stderr is not None:
            os.dup2(stderr, 2)
        try:
            os.execvp(argv[0], argv)  # noqa: S606 - running what the user typed is the task
        except OSError:
            fallback = explained_by_shell(argv)
            os.execv(fallback[0], fallback)  # noqa: S606
    finally:
        os._exit(127)


def explained_by_shell(argv: list[str]) -> list[str]:
    """Return a shell command that runs the command or ends with the shell's own message and exit code (126, 127)."""
    return ["/bin/sh", "-c", 'exec "$@"', "sh", *argv]


def window_size(descriptor: int) -> bytes:
    """Return a terminal's size as the kernel keeps it (struct winsize)."""
    return fcntl.ioctl(descriptor, termios.TIOCGWINSZ, bytes(8))


@contextmanager
def raw(descriptor: int) -> Iterator[None]:
    """Pass every key of a terminal on as it is, for as long as the block lasts."""
    before = termios.tcgetattr(descriptor)
    tty.setraw(descriptor, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def plain(data: bytes) -> bytes:
    """Return what was written to a terminal as a file would hold it: no escape sequences, newlines alone."""
    return _ESCAPES.sub(b"", data).replace(b"\r\n", b"\n")
