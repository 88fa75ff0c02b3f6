"""Passing this process's signals on to its child."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_FORWARDED = (
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
)
_FROM_KEYS = frozenset({signal.SIGINT, signal.SIGQUIT})


class SignalForwarder:
    """Sends on what it receives; what comes before the child is known is sent on as soon as it is."""

    def __init__(self) -> None:
        self._child: int | None = None
        self._shares_terminal = False
        self._early: list[int] = []

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Take the signals over for the block; ignored ones (nohup) stay ignored, for the child too."""
        before = {number: signal.getsignal(number) for number in _FORWARDED}
        taken = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
        for number in taken:
            signal.signal(number, self._on_signal)
        try:
            yield
        finally:
            for number, handler in taken.items():
                signal.signal(number, handler)

    def attach(self, child: int, *, shares_terminal: bool) -> None:
        """Name the child; where it shares our terminal, the terminal itself sends it the keys' signals."""
        self._child, self._shares_terminal = child, shares_terminal
        for number in self._early:
            self._send(number)

    def detach(self) -> None:
        """Forget the child, which has ended; signals are swallowed from now on."""
        self._child = None

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._child is None:
            self._early.append(number)
        elif not (number in _FROM_KEYS and self._shares_terminal and _in_foreground()):
            self._send(number)

    def _send(self, number: int) -> None:
        try:
            os.kill(self._child or 0, number)
        except ProcessLookupError:
            return


def _in_foreground() -> bool:
    """Return whether the keys of the controlling terminal reach this process's group."""
    try:
        descriptor = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(descriptor) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(descriptor)
