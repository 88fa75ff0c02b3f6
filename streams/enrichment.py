"""From a batch of executed events to what is to be published: the worker's hot path.

An event whose output was analysed before is never decoded: its analysed tail's bytes are hashed, and the cached
analysis bytes are appended to its own.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from schemas import datum as datums
from schemas import wire
from schemas.catalog import RegisteredSchema
from schemas.codec import decode
from schemas.errors import DatumError
from schemas.headers import ANALYZED_TYPE, EXECUTED_TYPE, Headers
from schemas.registry import Registry, analyzed_for
from streams import metrics
from streams.analysis.analysis import Analysis, ParseStatus
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.driver.batch import Record, RecordBatch
from streams.encoding import AnalysisEncoder, cache_status_part
from streams.output_cache import OutputCache
from streams.shared_cache import SharedCache

DIGEST_SIZE = 16
SLICE_SECONDS = 0.02
"""Time that analysing may take before the outcomes so far go out."""
_MISS, _HIT = cache_status_part("MISS"), cache_status_part("HIT_OUTPUT")


@dataclass(frozen=True, slots=True)
class Analyzed:
    """An analysed event, ready to be published."""

    record: Record
    value: bytes
    headers: Headers


@dataclass(frozen=True, slots=True)
class Rejected:
    """A message that is no CommandExecuted, and why; the reason holds nothing of its text."""

    record: Record
    reason: str


Outcome = Analyzed | Rejected


@dataclass(frozen=True, slots=True)
class _Plan:
    """How events of one CommandExecuted schema become CommandAnalyzed."""

    executed: RegisteredSchema
    locator: datums.TailLocator
    header: bytes
    encoder: AnalysisEncoder


@dataclass(frozen=True, slots=True, eq=False)
class _Sighted:
    """An event whose parts were found; each is itself, whatever it holds."""

    record: Record
    value: bytes
    plan: _Plan
    digest: bytes


class Enricher:
    """Attaches an analysis to every event of a batch."""

    def __init__(self, *, registry: Registry, engine: Engine, memory: OutputCache, shared: SharedCache) -> None:
        self._registry = registry
        self._engine = engine
        self._memory = memory
        self._shared = shared
        self._plans: dict[int, _Plan] = {}

    async def enrich(self, batch: RecordBatch) -> AsyncIterator[list[Outcome]]:
        """Yield one outcome for each record, in order, in slices.

        A slice ends when analysing took SLICE_SECONDS: what is done goes out, and the event loop gets its turn.

        Raises:
            RegistryUnavailableError: a schema could not be fetched, before the first slice; the batch may be tried
                again.

        """
        sighted = [self._sight(record) for record in batch.records]
        found = await self._look_up([event for event in sighted if isinstance(event, _Sighted)])
        position = 0
        while position < len(sighted):
            part = self._slice(sighted[position:], found)
            position += len(part.outcomes)
            self._shared.put_many_soon(part.lasting)
            yield part.outcomes
            await asyncio.sleep(0)
        metrics.BATCH_EVENTS.observe(len(batch.records))
        metrics.BATCH_LATENCY.observe(max(0.0, time.time() - batch.records[0].timestamp / 1000))

    def _sight(self, record: Record) -> _Sighted | Rejected:
        value = record.value
        try:
            plan = self._plan(wire.schema_id_of(value))
            if value is None:
                return Rejected(record, "null value")
            span = plan.locator.locate(value, wire.HEADER_SIZE)
        except DatumError as error:
            return Rejected(record, str(error))
        return _Sighted(record, value, plan, _digest(span.tenant, value[span.tail :]))

    def _plan(self, schema_id: int) -> _Plan:
        plan = self._plans.get(schema_id)
        if plan is None:
            plan = self._plans[schema_id] = self._make_plan(self._registry.by_id(schema_id))
        return plan

    def _make_plan(self, executed: RegisteredSchema) -> _Plan:
        if executed.definition.get("name") != "CommandExecuted":
            raise DatumError(f"schema id {executed.schema_id} is no CommandExecuted")
        analyzed = analyzed_for(self._registry, executed)
        return _Plan(
            executed=executed,
            locator=datums.TailLocator(executed.definition),
            header=wire.header(analyzed.schema_id),
            encoder=AnalysisEncoder.between(executed, analyzed),
        )

    async def _look_up(self, events: Sequence[_Sighted]) -> dict[bytes, bytes]:
        """Return the analyses that a cache knows, by digest."""
        found: dict[bytes, bytes] = {}
        missing: dict[bytes, None] = {}
        for event in events:
            analysis = self._memory.get(event.digest)
            if analysis is None:
                missing[event.digest] = None
            else:
                found[event.digest] = analysis
        for digest, analysis in zip(missing, await self._shared.get_many(list(missing)), strict=True):
            if analysis is not None:
                found[digest] = analysis
                self._memory.put(digest, analysis)
        return found

    def _slice(self, sighted: Sequence[_Sighted | Rejected], found: dict[bytes, bytes]) -> "_Slice":
        """Return the outcomes of the next slice; the analyses it makes join `found`."""
        part = _Slice()
        end = time.monotonic() + SLICE_SECONDS
        for event in sighted:
            if isinstance(event, Rejected):
                part.outcomes.append(event)
            elif event.digest in found:
                part.outcomes.append(_splice(event, found[event.digest], _HIT))
            else:
                part.outcomes.append(self._first_seen(event, found, part))
                if time.monotonic() > end:
                    break
        metrics.EVENTS.labels("MISS").inc(part.misses)
        metrics.EVENTS.labels("HIT_OUTPUT").inc(len(part.outcomes) - part.misses - part.rejections)
        return part

    def _first_seen(self, event: _Sighted, found: dict[bytes, bytes], part: "_Slice") -> Outcome:
        """Analyse an event that no cache knew.

        One that cannot be decoded is rejected alone: its head may be broken where another event with the same tail
        is whole. What a deadline cut short is not shared: another worker may have more luck.
        """
        try:
            analysis = self._analyze(event)
        except DatumError as error:
            return Rejected(event.record, str(error))
        encoded = found[event.digest] = event.plan.encoder.shared_part(analysis)
        self._memory.put(event.digest, encoded)
        if analysis.parse_status != ParseStatus.TIMEOUT:
            part.lasting[event.digest] = encoded
        part.misses += 1
        return _splice(event, encoded, _MISS)

    def _analyze(self, event: _Sighted) -> Analysis:
        record = decode(event.plan.executed, event.value[wire.HEADER_SIZE :])
        with metrics.ANALYSIS_SECONDS.time():
            analysis = self._engine.analyze(
                Execution(
                    tenant_id=record["tenant_id"],
                    os_type=record["os_type"],
                    command=record["command"],
                    status=record["status"],
                    exit_code=record["exit_code"],
                    output=record["output"],
                )
            )
        metrics.PARSES.labels(str(analysis.parse_status)).inc()
        return analysis


@dataclass(slots=True)
class _Slice:
    """Outcomes that go out together, and what making them left behind."""

    outcomes: list[Outcome] = field(default_factory=list)
    lasting: dict[bytes, bytes] = field(default_factory=dict)
    """Analyses for the shared cache, by digest."""
    misses: int = 0

    @property
    def rejections(self) -> int:
        return sum(isinstance(outcome, Rejected) for outcome in self.outcomes)


def _digest(tenant: bytes, tail: bytes) -> bytes:
    """Return what names an output's analysis: the tenant is part of it, its length keeps the two apart."""
    return hashlib.blake2b(len(tenant).to_bytes(4, "big") + tenant + tail, digest_size=DIGEST_SIZE).digest()


def _splice(event: _Sighted, shared: bytes, status: bytes) -> Analyzed:
    now_us = time.time_ns() // 1000
    latency_us = max(0, now_us - event.record.timestamp * 1000)
    own = datums.zigzag(now_us) + datums.zigzag(latency_us) + status
    value = b"".join((event.plan.header, memoryview(event.value)[wire.HEADER_SIZE :], own, shared))
    headers: Headers = [ANALYZED_TYPE if header == EXECUTED_TYPE else header for header in event.record.headers]
    return Analyzed(event.record, value, headers)
