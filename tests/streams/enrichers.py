"""Enrichers for tests: everything real, small and quick to make."""

from collections.abc import Collection
from datetime import timedelta

from schemas.registry import PackageRegistry
from streams.analysis.engine import Engine
from streams.caching.configured_devices import ConfiguredDevices
from streams.caching.explanation_index import ExplanationIndex
from streams.caching.known_outputs import KnownOutputs
from streams.caching.output_cache import OutputCache
from streams.caching.redis_link import RedisLink
from streams.caching.shared_cache import SharedCache
from streams.driver.batch import RecordBatch
from streams.enrichment.analyst import Analyst, Quickness
from streams.enrichment.enricher import Enricher
from streams.enrichment.explanation_desk import ExplanationDesk
from streams.enrichment.outcome import Outcome
from streams.enrichment.sighting import Sighter
from streams.slow_lane.slow_lane import SlowLane

TTL = timedelta(minutes=1)
UNHURRIED = Quickness(seconds=5.0, characters=1 << 20)
"""Everything is analysed at once."""
NOWHERE = "redis://127.0.0.1:1/0"


def known_outputs(link: RedisLink, *, version: str, ttl: timedelta) -> KnownOutputs:
    return KnownOutputs(OutputCache(1 << 20), SharedCache(link, version=version, ttl=ttl), ttl=ttl)


def make_enricher(
    link: RedisLink,
    *,
    version: str = "v",
    engine: Engine | None = None,
    slow_lane: SlowLane | None = None,
    quickness: Quickness = UNHURRIED,
    ttl: timedelta = TTL,
    explain: Collection[str] = (),
    outputs: KnownOutputs | None = None,
    devices: ConfiguredDevices | None = None,
) -> Enricher:
    registry = PackageRegistry()
    lane = slow_lane or SlowLane(deadline=0.25, processes=1)
    return Enricher(
        sighter=Sighter(registry),
        analyst=Analyst(engine or Engine(), lane, quickness),
        outputs=outputs or known_outputs(link, version=version, ttl=ttl),
        devices=devices or ConfiguredDevices(),
        explanations=ExplanationDesk(
            ExplanationIndex(link, version=version, request_ttl=ttl), registry, verdicts=explain
        ),
    )


async def enriched(enricher: Enricher, batch: RecordBatch) -> list[Outcome]:
    return [outcome async for outcomes in enricher.enrich(batch) for outcome in outcomes]
