"""What a child process of the local stack is, before it runs."""

import re
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Probe = Callable[[], bool]
"""Asks once, for at most a few seconds, whether a process serves; never raises for "not yet"."""


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """A command line, its environment, and how to tell that it is ready. Times are in seconds."""

    name: str
    argv: tuple[str, ...]
    ready: Probe
    address: str = ""
    """Where it serves, for people."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Laid over the supervisor's own environment."""
    once_ready: Callable[[], None] | None = None
    """Runs in a thread each time the child became ready, before anybody counts on it."""
    needs: frozenset[str] = frozenset()
    """Children whose loss makes this one worthless as it runs: it is restarted once they are back."""
    essential: bool = True
    """Whether the start waits for it, and everything ends when it cannot be kept running."""
    harmless: re.Pattern[str] | None = None
    """Lines that look like a warning and need no attention on one machine."""
    alive: Probe | None = None
    """Whether it makes progress; a child that fails this again and again is ended like one that hangs."""
    alive_every: float = 5.0
    alive_failures: int = 6
    """So many failures in a row end it."""
    ready_within: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0
