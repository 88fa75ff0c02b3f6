"""Two ways to an analysis: at once, or patiently in another process."""

from dataclasses import dataclass
from datetime import timedelta

from streams import metrics
from streams.analysis.analysis import Analysis, ParseStatus
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.caching.expiring_set import ExpiringSet
from streams.slow_lane.slow_lane import SlowLane

SLOW_MEMORY = timedelta(minutes=10)
RUNAWAY_MEMORY = timedelta(minutes=1)
MAX_ORIGINS = 1_000
_RUNAWAY_SHARE = 0.2
"""Part of the short deadline that an output gets where others ran away: ordinary ones take a tenth of it."""


@dataclass(frozen=True, slots=True)
class Quickness:
    """What may be analysed in the worker's main thread."""

    seconds: float
    """Time one analysis may take there: all partitions wait meanwhile."""
    characters: int
    """Longer outputs are not even tried."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an output comes from: what was slow there once is slow again."""

    device: bytes | None
    command: str


class Analyst:
    """Analyses executions without making anyone wait for long.

    `at_once` runs in the main thread and gives up early; `patiently` has the slow lane do it, with the full deadline.
    What exceeded the short deadline is remembered by its origin, whose outputs go to the slow lane without a trial.
    What exceeded the full one is remembered too: its origin's outputs get one short trial and no more, or a device
    that sends nothing else would have its whole partition wait.
    """

    def __init__(self, engine: Engine, slow_lane: SlowLane, quickness: Quickness) -> None:
        self._engine = engine
        self._slow_lane = slow_lane
        self._quickness = quickness
        self._slow: ExpiringSet[Origin] = ExpiringSet(memory=SLOW_MEMORY, max_members=MAX_ORIGINS)
        self._runaway: ExpiringSet[Origin] = ExpiringSet(memory=RUNAWAY_MEMORY, max_members=MAX_ORIGINS)

    def at_once(self, execution: Execution, device: bytes | None) -> Analysis | None:
        """Return the analysis, None where it takes longer than may be."""
        origin = Origin(device, execution.command)
        if len(execution.output) > self._quickness.characters:
            return None
        if origin in self._runaway:
            return _counted(self._try(execution, self._quickness.seconds * _RUNAWAY_SHARE))
        if origin in self._slow:
            return None
        analysis = self._try(execution, self._quickness.seconds)
        if analysis.parse_status == ParseStatus.TIMEOUT:
            self._slow.add(origin)
            return None
        return _counted(analysis)

    async def patiently(self, execution: Execution, device: bytes | None) -> Analysis:
        """Return the analysis that the slow lane makes; where it fails, what can be said without the output."""
        analysis = await self._slow_lane.analyze(execution) or self._engine.give_up(execution)
        if analysis.parse_status == ParseStatus.TIMEOUT:
            self._runaway.add(Origin(device, execution.command))
        return _counted(analysis)

    def _try(self, execution: Execution, seconds: float) -> Analysis:
        with metrics.ANALYSIS_SECONDS.time():
            return self._engine.analyze(execution, deadline=seconds)


def _counted(analysis: Analysis) -> Analysis:
    metrics.PARSES.labels(str(analysis.parse_status)).inc()
    return analysis
