"""From a batch of executed events to what is to be published: the worker's hot path.

An event whose output was analysed before is never decoded: its analysed tail's bytes are hashed, and the cached
analysis bytes are appended to its own.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from runtime.reject_ratio import RejectRatio
from schemas import wire
from schemas.codec import decode
from schemas.errors import DatumError
from schemas.risk import changes_configuration
from streams import metrics
from streams.analysis.analysis import Analysis
from streams.analysis.execution import Execution
from streams.caching.cached_analysis import CachedAnalysis
from streams.caching.configured_devices import ConfiguredDevices
from streams.caching.known_outputs import KnownOutputs
from streams.driver.batch import RecordBatch
from streams.enrichment.analyst import Analyst
from streams.enrichment.encoding import CacheStatus
from streams.enrichment.explanation_desk import ExplanationDesk
from streams.enrichment.explanation_request import Representative
from streams.enrichment.outcome import Outcome, Rejected
from streams.enrichment.sighting import Sighted, Sighter
from streams.enrichment.slice import Fresh, Slice

SLICE_SECONDS = 0.02
"""Time that analysing may take before the outcomes so far go out."""

Known = dict[bytes, CachedAnalysis]
"""Analyses by digest."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """An event that has to be analysed, decoded."""

    event: Sighted
    event_id: UUID
    execution: Execution
    status: CacheStatus


class Enricher:
    """Attaches an analysis to every event of a batch."""

    def __init__(
        self,
        *,
        sighter: Sighter,
        analyst: Analyst,
        outputs: KnownOutputs,
        devices: ConfiguredDevices,
        explanations: ExplanationDesk,
    ) -> None:
        self._sighter = sighter
        self._analyst = analyst
        self._outputs = outputs
        self._devices = devices
        self._explanations = explanations
        self._reject_ratio: RejectRatio | None = None

    def stop_at(self, reject_ratio: RejectRatio) -> None:
        """Refuse, from now on, to go on where this says that too many messages are rejected."""
        self._reject_ratio = reject_ratio

    async def enrich(self, batch: RecordBatch) -> AsyncIterator[list[Outcome]]:
        """Yield one outcome for each record, in order, in slices; behind a slice's outcomes stand its requests.

        Raises:
            RegistryUnavailableError: a schema could not be fetched, before the first slice; the batch may be tried
                again.
            ConfigurationError: too many messages are rejected to go on; the slice that was one too many is not yielded.

        """
        self._explanations.open()
        sighted = [self._sighter.sight(record) for record in batch.records]
        async for part in self._slices(sighted):
            attended = await self._explanations.attend(fresh.shown for fresh in part.fresh)
            part.mark_explained(attended.explained)
            part.count()
            self._weigh(part)
            yield [*part.outcomes, *attended.requests]
            # Not before the requests are on their way: who finds an output known asks for nothing.
            self._outputs.share_soon({fresh.event.output: fresh.cached for fresh in part.fresh if fresh.lasts})
            self._explanations.handed_over(attended.requests)
            await asyncio.sleep(0)
        metrics.BATCH_EVENTS.observe(len(batch.records))
        metrics.BATCH_LATENCY.observe(max(0.0, time.time() - batch.records[0].timestamp / 1000))

    def _weigh(self, part: Slice) -> None:
        if self._reject_ratio is not None:
            reason = part.reasons[-1] if part.reasons else ""
            self._reject_ratio.note(messages=len(part.outcomes), rejected=len(part.reasons), reason=reason)

    async def _slices(self, sighted: Sequence[Sighted | Rejected]) -> AsyncIterator[Slice]:
        """Yield the outcomes in slices.

        A slice ends when analysing took SLICE_SECONDS, or before an event that needs the slow lane: what is done
        goes out, and other partitions get their turn.
        """
        known = await self._outputs.look_up(event for event in sighted if isinstance(event, Sighted))
        position = 0
        while position < len(sighted):
            part, slow = self._slice(islice(sighted, position, None), known)
            position += len(part.outcomes)
            if part.outcomes:
                yield part
            if slow is not None:
                part = Slice()
                analysis = await self._analyst.patiently(slow.execution, slow.event.record.key)
                part.add_fresh(self._concluded(slow, analysis, known))
                position += 1
                yield part

    def _slice(self, sighted: Iterable[Sighted | Rejected], known: Known) -> tuple[Slice, _Opened | None]:
        """Return the next slice, and the event that needs the slow lane if one ends it."""
        part = Slice()
        end = time.monotonic() + SLICE_SECONDS
        for event in sighted:
            if isinstance(event, Rejected):
                part.reject(event)
                continue
            cached = known.get(event.digest) or self._outputs.recall(event.digest)
            if cached is not None and not self._devices.outdate(cached, event.record.key):
                part.add_hit(event, cached)
                self._note(event, cached)
                continue
            try:
                opened = _open(event, CacheStatus.MISS if cached is None else CacheStatus.BYPASS)
            except DatumError as error:
                part.reject(Rejected(event.record, str(error)))
                continue
            analysis = self._analyst.at_once(opened.execution, event.record.key)
            if analysis is None:
                return part, opened
            part.add_fresh(self._concluded(opened, analysis, known))
            if time.monotonic() > end:
                break
        return part, None

    def _concluded(self, opened: _Opened, analysis: Analysis, known: Known) -> Fresh:
        """Keep an analysis in memory and among `known`."""
        event, execution = opened.event, opened.execution
        cached = CachedAnalysis.fresh(
            event.plan.encoder.shared_part(analysis),
            configures=changes_configuration(execution.command, execution.os_type),
        )
        known[event.digest] = cached
        self._outputs.remember(event.digest, cached)
        self._note(event, cached)
        shown = Representative(event.record, opened.event_id, execution, analysis)
        return Fresh(event, shown, cached, opened.status)

    def _note(self, event: Sighted, cached: CachedAnalysis) -> None:
        """Remember a device that this event's command configures."""
        if cached.configures:
            self._devices.note(event.record.key)


def _open(event: Sighted, status: CacheStatus) -> _Opened:
    """Decode an event.

    Raises:
        DatumError: it is broken. It is rejected alone: another event with the same tail may be whole.

    """
    record = decode(event.plan.executed, event.value[wire.HEADER_SIZE :])
    execution = Execution(
        tenant_id=record["tenant_id"],
        os_type=record["os_type"],
        command=record["command"],
        status=record["status"],
        exit_code=record["exit_code"],
        output=record["output"],
    )
    return _Opened(event, record["event_id"], execution, status)
