"""How far a worker is behind, as the broker sees it."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from aiokafka.errors import KafkaError
from faust.types import TP

from streams import metrics
from streams.app import StreamApp
from streams.driver.batch import Partition

ASK_SECONDS = 2.0
"""How often the broker is asked where its partitions end; fetches tell it meanwhile, of those that are read."""
ANSWER_SECONDS = 5.0
"""How long an answer may take."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a partition's group stands."""

    partition: Partition
    committed: int | None
    behind: int
    """Offsets between what is committed and the end of what may be read."""
    pending: int
    """Batches that were begun and are not complete."""

    @property
    def waiting(self) -> bool:
        """Whether anything waits for this worker."""
        return self.behind > 0 or self.pending > 0


class LagWatch:
    """Looks at an app's assigned partitions and keeps the lag metric."""

    def __init__(self, app: StreamApp, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._clock = clock
        self._asked = -ASK_SECONDS
        self._bounds: dict[TP, tuple[int, int]] = {}
        """First offset and end of partitions, when they were last asked for."""
        self._shown: set[TP] = set()

    async def look(self) -> list[Standing] | None:
        """Return how each assigned partition stands; None while the group meets, or where the broker does not tell."""
        assignment = self._app.consumer.assignment()
        if self._app.rebalancing or not (assignment or self._app.unassigned):
            return None
        self._show_only(assignment)
        if not await self._know_bounds(assignment):
            return None
        return [self._standing(tp) for tp in assignment if tp in self._bounds]

    async def _know_bounds(self, assignment: Collection[TP]) -> bool:
        """Ask for the partitions' bounds if it is time to; tell whether they are known."""
        known = self._bounds.keys() >= set(assignment)
        if known and self._clock() < self._asked + ASK_SECONDS:
            return True
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                self._bounds = await self._ask(assignment)
        except (KafkaError, TimeoutError):
            return False
        self._asked = self._clock()
        return True

    async def _ask(self, assignment: Collection[TP]) -> dict[TP, tuple[int, int]]:
        if not assignment:
            return {}
        consumer = self._app.consumer
        ends = await consumer.highwaters(*assignment)
        new = [tp for tp in assignment if self._app.micro_batches.committed_offset(tp) is None]
        starts: Mapping[TP, int] = await consumer.earliest_offsets(*new) if new else {}
        return {tp: (starts.get(tp, 0), ends[tp]) for tp in assignment}

    def _standing(self, tp: TP) -> Standing:
        consumer, partition = self._app.micro_batches, Partition(*tp)
        start, end = self._bounds[tp]
        committed = consumer.committed_offset(tp)
        behind = max(0, max(end, consumer.highwater(tp)) - (start if committed is None else committed))
        metrics.LAG.labels(str(tp.partition)).set(behind)
        self._shown.add(tp)
        return Standing(partition, committed, behind, consumer.pending_batches(partition))

    def _show_only(self, assignment: Collection[TP]) -> None:
        """Take partitions that others read by now out of the metric."""
        for tp in self._shown.difference(assignment):
            metrics.LAG.remove(str(tp.partition))
            self._shown.discard(tp)
