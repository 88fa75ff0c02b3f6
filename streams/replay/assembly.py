"""Putting a replay together from settings."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Final

from confluent_kafka.admin import AdminClient

from runtime.errors import TransientError
from runtime.kafka import client_config
from runtime.settings import KafkaSettings
from runtime.topic_identity import TopicIdentity
from runtime.topic_reader import TopicReader
from schemas import catalog
from schemas.errors import RegistryUnavailableError
from schemas.registry import Registry, open_registry
from schemas.topics import ANALYSES_REQUESTED, EXECUTED
from streams.analysis.engine import Engine
from streams.analysis.thresholds import ThresholdBook
from streams.caching.output_cache import OutputCache
from streams.enrichment.explanation_request import request_schema
from streams.enrichment.sighting import Sighter
from streams.replay.clickhouse_source import ClickHouseSource
from streams.replay.kafka_source import KafkaSource
from streams.replay.post import Post, Requests
from streams.replay.reanalysis import Opener, Reanalysis
from streams.replay.replay import Parts
from streams.replay.scope import Origin, Scope
from streams.replay.settings import ReplaySettings
from streams.replay.source import MOST_TOGETHER, Source
from streams.replay.tables import Tables, open_tables
from streams.slow_lane.slow_lane import SlowLane

_CLIENT_ID: Final = "netcopilot-replay"


@asynccontextmanager
async def assembled(
    settings: ReplaySettings, scope: Scope, *, dry_run: bool, rate: float | None
) -> AsyncIterator[Parts]:
    """Connect a replay's parts for as long as the block takes.

    Raises:
        TransientError: one of them does not answer.
        ConfigurationError: a person must act.

    """
    url = settings.schema_registry_url
    registry = open_registry(url.get_secret_value() if url else None)
    together = min(MOST_TOGETHER, max(1, int(rate or MOST_TOGETHER)))
    slow_lane = SlowLane(
        deadline=settings.parse_deadline_seconds,
        processes=settings.replay_processes,
        thresholds=settings.thresholds,
    )
    with ExitStack() as stack:
        compared = dry_run or not scope.everything or scope.origin is Origin.CLICKHOUSE
        tables = stack.enter_context(open_tables(settings)) if compared else None
        try:
            yield Parts(
                source=stack.enter_context(_source(settings, scope, registry, tables, together)),
                opener=Opener(Sighter(registry)),
                reanalysis=Reanalysis(slow_lane, _engine(settings), OutputCache(settings.replay_cache_bytes)),
                tables=tables,
                post=None if dry_run else Post(settings, scope.name),
                requests=_requests(settings, registry) if scope.explain and not dry_run else None,
            )
        finally:
            await slow_lane.close()


@contextmanager
def _source(
    settings: KafkaSettings, scope: Scope, registry: Registry, tables: Tables | None, together: int
) -> Iterator[Source]:
    if scope.origin is Origin.CLICKHOUSE and tables is not None:
        with _registry_asked():
            schema = registry.register(EXECUTED.subject, catalog.latest(EXECUTED.subject).text)
        yield ClickHouseSource(tables, scope, schema, together=together)
        return
    topic = EXECUTED.named(settings.kafka_topic_prefix)
    with TopicReader(settings, topic, client_id=_CLIENT_ID) as reader:
        admin = AdminClient(client_config(settings, client_id=_CLIENT_ID))
        identity = TopicIdentity(admin, topic, patience=0, timeout=10).current()
        yield KafkaSource(reader, topic, identity, scope, together=together)


def _engine(settings: ReplaySettings) -> Engine:
    return Engine(settings.parse_deadline_seconds, ThresholdBook.from_json(settings.thresholds))


def _requests(settings: ReplaySettings, registry: Registry) -> Requests:
    with _registry_asked():
        schema = request_schema(registry)
    topic = ANALYSES_REQUESTED.named(settings.kafka_topic_prefix)
    return Requests(schema, topic=topic, verdicts=settings.explain_verdicts.split(","))


@contextmanager
def _registry_asked() -> Iterator[None]:
    try:
        yield
    except RegistryUnavailableError as error:
        raise TransientError(str(error)) from error
