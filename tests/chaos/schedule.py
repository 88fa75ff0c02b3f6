"""Which faults come in which order: decided by a seed, so that a run can be repeated."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random

from tests.chaos.fault import EVERY, KINDS, ON_CONNECTIONS, Action, Fault, Kind, Part

SESSION_SECONDS = 6.0
"""How long the consumer groups of a run wait for a member that is silent."""
_SECONDS: Mapping[Action, tuple[float, float]] = {
    Action.KILL: (0.5, 3.0),
    Action.PAUSE: (SESSION_SECONDS + 1, SESSION_SECONDS + 3),
    Action.CUT: (0.5, 4.0),
    Action.HOLD: (2.0, 6.0),
    Action.DELAY: (2.0, 4.0),
    Action.TRUNCATE: (1.0, 3.0),
    Action.REBALANCE: (3.0, 5.0),
}
"""How long faults last, at least and at most."""


def schedule(seed: int, sizes: Mapping[Part, int], kinds: Sequence[Kind] = KINDS) -> Iterator[Fault]:
    """Yield faults for ever: every kind once, in a random order, then every kind again.

    `sizes` tells how many processes a part has. No broker is felled right after another.
    """
    random = Random(seed)
    before: Kind | None = None
    while True:
        order = _order(kinds, before, random)
        yield from (_fault(kind, sizes, random) for kind in order)
        before = order[-1]


def _order(kinds: Sequence[Kind], before: Kind | None, random: Random) -> list[Kind]:
    felling = sum(kind.fells_broker for kind in kinds)
    while True:
        order = random.sample(kinds, len(kinds))
        neighbours = pairwise(order if before is None else [before, *order])
        if felling > len(kinds) // 2 or not any(one.fells_broker and other.fells_broker for one, other in neighbours):
            return order


def _fault(kind: Kind, sizes: Mapping[Part, int], random: Random) -> Fault:
    seconds = random.uniform(*_SECONDS[kind.action])
    return Fault(kind, random.choice(targets(kind, sizes)), round(seconds, 1))


def targets(kind: Kind, sizes: Mapping[Part, int]) -> range:
    """Return what a fault of a kind may strike: one of the processes; of connections all, or those of one process."""
    if kind.action is Action.REBALANCE:
        return range(EVERY, EVERY + 1)
    lowest = EVERY if kind.action in ON_CONNECTIONS and sizes[kind.part] > 1 else 1
    return range(lowest, sizes[kind.part] + 1)
