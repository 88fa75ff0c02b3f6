"""Analysing executions of the past, in as many processes as may be."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from runtime.errors import TransientError
from schemas import wire
from schemas.codec import decode
from schemas.errors import DatumError, RegistryUnavailableError
from streams.analysis.analysis import Analysis
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.caching.cached_analysis import CachedAnalysis
from streams.caching.output_cache import OutputCache
from streams.enrichment.encoding import CacheStatus
from streams.enrichment.sighting import Sighted, Sighter
from streams.replay.source import Past
from streams.slow_lane.slow_lane import SlowLane


@dataclass(frozen=True, slots=True)
class Opened:
    """An event of the past whose datum could be read."""

    past: Past
    sighted: Sighted
    record: dict[str, Any]

    @property
    def event_id(self) -> UUID:
        """Which event it is."""
        event_id: UUID = self.record["event_id"]
        return event_id

    @property
    def execution(self) -> Execution:
        """What decides its analysis."""
        record = self.record
        return Execution(
            tenant_id=record["tenant_id"],
            os_type=record["os_type"],
            command=record["command"],
            status=record["status"],
            exit_code=record["exit_code"],
            output=record["output"],
        )


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event of the past whose datum cannot be read, and why."""

    past: Past
    reason: str


@dataclass(frozen=True, slots=True)
class Reanalyzed:
    """An event and the analysis that it has by the rules of today."""

    opened: Opened
    shared: bytes
    """The encoded analysis fields that equal outputs share."""
    fresh: Analysis | None
    """The analysis, where it was made for this event."""

    @property
    def status(self) -> CacheStatus:
        """Where the analysis came from."""
        return CacheStatus.HIT_OUTPUT if self.fresh is None else CacheStatus.MISS


class Opener:
    """Reads the datums of the past."""

    def __init__(self, sighter: Sighter) -> None:
        self._sighter = sighter

    def open(self, past: Past) -> Opened | Unreadable:
        """Return the event, or why it is none.

        Raises:
            TransientError: the schema registry does not answer.

        """
        try:
            sighted = self._sighter.sight(past)
            if not isinstance(sighted, Sighted):
                return Unreadable(past, sighted.reason)
            return Opened(past, sighted, decode(sighted.plan.executed, sighted.value[wire.HEADER_SIZE :]))
        except DatumError as error:
            return Unreadable(past, str(error))
        except RegistryUnavailableError as error:
            raise TransientError(str(error)) from error


class Reanalysis:
    """Analyses each output once; those that come again are remembered, as many bytes of analyses as the cache holds."""

    def __init__(self, slow_lane: SlowLane, engine: Engine, cache: OutputCache) -> None:
        """`engine` says what can be said of an output that the slow lane's processes die of."""
        self._slow_lane = slow_lane
        self._engine = engine
        self._cache = cache

    async def analyze(self, events: Sequence[Opened]) -> list[Reanalyzed]:
        """Return the events with their analyses, in their order."""
        known = {digest: cached for digest in {e.sighted.digest for e in events} if (cached := self._cache.get(digest))}
        missing = {event.sighted.digest: event for event in reversed(events) if event.sighted.digest not in known}
        made = await asyncio.gather(*(self._make(event.execution) for event in missing.values()))
        fresh = {event.event_id: analysis for event, analysis in zip(missing.values(), made, strict=True)}
        for event, analysis in zip(missing.values(), made, strict=True):
            known[event.sighted.digest] = self._remember(event, analysis)
        return [Reanalyzed(e, known[e.sighted.digest].shared, fresh.pop(e.event_id, None)) for e in events]

    async def _make(self, execution: Execution) -> Analysis:
        return await self._slow_lane.analyze(execution) or self._engine.give_up(execution)

    def _remember(self, event: Opened, analysis: Analysis) -> CachedAnalysis:
        cached = CachedAnalysis.fresh(event.sighted.plan.encoder.shared_part(analysis), configures=False)
        self._cache.put(event.sighted.digest, cached)
        return cached
