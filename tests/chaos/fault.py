"""What can go wrong with the platform: an action and the part it strikes."""

from dataclasses import dataclass
from enum import StrEnum

EVERY = 0
"""The target that means all of a part's processes or connections."""


class Action(StrEnum):
    """What is done."""

    KILL = "kill"
    """SIGKILL; the process comes back as a supervisor brings it back."""
    PAUSE = "pause"
    """SIGSTOP for longer than its group waits for it, then SIGCONT."""
    CUT = "cut"
    """Connections are reset, and new ones refused for a while."""
    HOLD = "hold"
    """Connections stay open and nothing passes."""
    DELAY = "delay"
    """Everything arrives late."""
    TRUNCATE = "truncate"
    """Connections end in the middle of a message."""
    REBALANCE = "rebalance"
    """A process more joins, works a while and leaves."""


class Part(StrEnum):
    """What is struck."""

    AGENT = "agent"
    WORKER = "worker"
    SINK = "sink"
    ENGINE = "engine"
    REDIS = "redis"
    BROKER = "broker"
    API = "API"


ON_CONNECTIONS = frozenset({Action.CUT, Action.HOLD, Action.DELAY, Action.TRUNCATE})


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """An action on a part; on connections it strikes those that lead to the part."""

    action: Action
    part: Part

    def __str__(self) -> str:
        if self.action is Action.REBALANCE:
            return f"{self.action} {self.part}s"
        return f"{self.action} {self.part}" + (" connections" if self.action in ON_CONNECTIONS else "")

    @property
    def fells_broker(self) -> bool:
        """Whether replicas are out of sync afterwards."""
        return self.part is Part.BROKER and self.action in {Action.KILL, Action.PAUSE}


KINDS = (
    *(Kind(Action.KILL, part) for part in Part),
    *(Kind(Action.PAUSE, part) for part in (Part.WORKER, Part.SINK, Part.ENGINE, Part.BROKER)),
    *(Kind(action, part) for part in (Part.BROKER, Part.ENGINE) for action in sorted(ON_CONNECTIONS)),
    Kind(Action.REBALANCE, Part.WORKER),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    kind: Kind
    target: int
    """Which of the part's processes or connections, from 1; EVERY strikes all of them."""
    seconds: float
    """How long it lasts; a killed process stays away for so long."""

    def __str__(self) -> str:
        which = "" if self.target == EVERY else f" {self.target}"
        return f"{self.kind}{which}, {self.seconds:.1f} s"
