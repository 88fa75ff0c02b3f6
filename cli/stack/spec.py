"""What a child process of the local stack is, before it runs."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Probe = Callable[[], bool]
"""Asks once, for at most a few seconds, whether a process serves; never raises for "not yet"."""


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """A command line, its environment, and how to tell that it is ready.

    `env` is laid over the supervisor's own environment. `needs` names the children whose loss makes this one
    worthless as it runs: it is restarted after they are back. Times are in seconds.
    """

    name: str
    argv: tuple[str, ...]
    ready: Probe
    address: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    ready_within: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0
