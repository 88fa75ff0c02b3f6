"""From a batch of executed events to what is to be published: the worker's hot path.

An event whose output was analysed before is never decoded: its analysed tail's bytes are hashed, and the cached
analysis bytes are appended to its own.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass

from schemas import datum as datums
from schemas import wire
from schemas.catalog import RegisteredSchema
from schemas.codec import decode
from schemas.errors import DatumError
from schemas.headers import ANALYZED_TYPE, EXECUTED_TYPE, Headers
from schemas.registry import Registry, analyzed_for
from streams import metrics
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.driver.batch import Record, RecordBatch
from streams.encoding import AnalysisEncoder, cache_status_part
from streams.output_cache import OutputCache
from streams.shared_cache import SharedCache

DIGEST_SIZE = 16
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

    async def enrich(self, batch: RecordBatch) -> list[Outcome]:
        """Return one outcome for each record, in order.

        Raises:
            RegistryUnavailableError: a schema could not be fetched; the batch may be tried again.

        """
        sighted = [self._sight(record) for record in batch.records]
        events = [event for event in sighted if isinstance(event, _Sighted)]
        found = await self._look_up(events)
        misses, failures = self._analyze_missing(events, found)
        now_us = time.time_ns() // 1000
        analyzed_at = datums.zigzag(now_us)
        outcomes: list[Outcome] = []
        for event in sighted:
            if isinstance(event, Rejected):
                outcomes.append(event)
            elif event in failures:
                outcomes.append(Rejected(event.record, failures[event]))
            else:
                latency = datums.zigzag(max(0, now_us - event.record.timestamp * 1000))
                status = _MISS if event in misses else _HIT
                outcomes.append(_splice(event, analyzed_at + latency + status, found[event.digest]))
        hits = len(events) - len(misses) - len(failures)
        _observe(batch, hits=hits, misses=len(misses), now_us=now_us)
        return outcomes

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

    def _analyze_missing(
        self, events: Sequence[_Sighted], found: dict[bytes, bytes]
    ) -> tuple[set[_Sighted], dict[_Sighted, str]]:
        """Analyse what no cache knew and add it to `found`.

        Returns the events that were analysed, and those that could not be decoded with the reason: their heads may
        be broken where another event with the same tail is whole, so a failure is the event's own.
        """
        fresh: dict[bytes, bytes] = {}
        misses: set[_Sighted] = set()
        failures: dict[_Sighted, str] = {}
        for event in events:
            if event.digest in found:
                continue
            try:
                fresh[event.digest] = found[event.digest] = self._analyze(event)
                misses.add(event)
            except DatumError as error:
                failures[event] = str(error)
        for digest, analysis in fresh.items():
            self._memory.put(digest, analysis)
        self._shared.put_many_soon(fresh)
        return misses, failures

    def _analyze(self, event: _Sighted) -> bytes:
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
        return event.plan.encoder.shared_part(analysis)


def _digest(tenant: bytes, tail: bytes) -> bytes:
    """Return what names an output's analysis: the tenant is part of it, its length keeps the two apart."""
    return hashlib.blake2b(len(tenant).to_bytes(4, "big") + tenant + tail, digest_size=DIGEST_SIZE).digest()


def _observe(batch: RecordBatch, *, hits: int, misses: int, now_us: int) -> None:
    metrics.EVENTS.labels("HIT_OUTPUT").inc(hits)
    metrics.EVENTS.labels("MISS").inc(misses)
    metrics.BATCH_EVENTS.observe(len(batch.records))
    oldest_us = batch.records[0].timestamp * 1000
    metrics.BATCH_LATENCY.observe(max(0, now_us - oldest_us) / 1e6)


def _splice(event: _Sighted, own: bytes, shared: bytes) -> Analyzed:
    value = b"".join((event.plan.header, memoryview(event.value)[wire.HEADER_SIZE :], own, shared))
    headers: Headers = [ANALYZED_TYPE if header == EXECUTED_TYPE else header for header in event.record.headers]
    return Analyzed(event.record, value, headers)
