"""Whether a worker makes progress."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from runtime.health import Probe
from streams.driver.batch import Partition
from streams.lag import ANSWER_SECONDS, Standing

ABSENCE_SECONDS = 3 * ANSWER_SECONDS
"""A look waits for one answer of the broker; who took so long since the last one was frozen."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long work may wait."""

    worker_seconds: float
    """Until none of a worker's partitions moved."""
    partition_seconds: float
    """Until one did not move, though others do."""


class StallWatch:
    """Notices a worker that lives but stands still, as a whole or with one partition.

    A partition moves when its committed offset does, and need not when nothing waits for it. A worker that cannot
    learn what waits, or is not a member of its group, does not move. Time during which nobody looked does not count:
    then the whole process was stopped.
    """

    def __init__(self, patience: Patience, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience
        self._clock = clock
        self._looked = self._moved = clock()
        self._partitions: dict[Partition, tuple[int | None, float]] = {}
        """Committed offset of each partition, and when it last moved."""

    def note(self, standings: Sequence[Standing] | None) -> None:
        """Take how the partitions stand; None where that cannot be learnt."""
        self._forgive_absence()
        if standings is None:
            return
        now, before = self._clock(), self._partitions
        moved = [
            each for each in standings if not each.waiting or before.get(each.partition, (-1, 0))[0] != each.committed
        ]
        if moved or not standings:
            self._moved = now
        self._partitions = {
            each.partition: (each.committed, now if each in moved else before[each.partition][1]) for each in standings
        }

    def probe(self) -> Probe:
        """Tell whether the worker moved within its patience."""
        now = self._clock()
        if now - self._moved > self._patience.worker_seconds:
            return Probe(healthy=False, detail=f"no progress for {now - self._moved:.0f} s while work waits")
        for partition, (_, moved) in self._partitions.items():
            if now - moved > self._patience.partition_seconds:
                detail = f"partition {partition.partition} made no progress for {now - moved:.0f} s while others did"
                return Probe(healthy=False, detail=detail)
        return Probe(healthy=True, detail=f"progress {now - self._moved:.1f} s ago")

    def _forgive_absence(self) -> None:
        """Let patience begin anew where nobody looked for longer than a look takes."""
        now = self._clock()
        if now - self._looked > ABSENCE_SECONDS:
            self._moved = now
            self._partitions = {partition: (offset, now) for partition, (offset, _) in self._partitions.items()}
        self._looked = now
