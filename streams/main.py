"""`netcopilot worker`: the process that analyses executions."""

import asyncio
import signal

import click
from confluent_kafka import KafkaException

from runtime import lifecycle
from runtime.errors import ConfigurationError
from runtime.health import Health, HealthServer, Probe, Progress
from runtime.log import configure_logging, get_logger
from runtime.options import options_of, settings_from
from schemas.registry import open_registry
from schemas.topics import ANALYZED, DEAD, EXECUTED, Topic
from streams.analysis.engine import Engine
from streams.app import StreamApp, create_app, finish_before_revocation
from streams.cache_version import cache_version
from streams.delivery import OutcomePublisher
from streams.enrichment import Enricher
from streams.lag import LagWatch
from streams.output_cache import OutputCache
from streams.processor import Processor
from streams.settings import WorkerSettings
from streams.shared_cache import SharedCache

log = get_logger(__name__)

WATCH_SECONDS = 0.5
"""How often lag and progress are looked at."""


class StalledError(Exception):
    """Work waits and none is finished: the worker ends, so that another may try."""


@click.command("worker")
@options_of(WorkerSettings)
def worker_command(**flags: str | None) -> None:
    """Analyse executions: read commands.executed, write commands.analyzed.

    Any number of workers share the work by partitions.
    """
    settings = settings_from(WorkerSettings, flags)
    configure_logging(settings, process="worker")
    lifecycle.run(lambda: asyncio.run(Worker(settings).run()))


class Worker:
    """One worker process."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._stop = asyncio.Event()
        self._failure: BaseException | None = None
        self._progress = Progress(patience=settings.worker_stall_seconds)
        self._assigned = False

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT, then finish what was begun and leave the group.

        Raises:
            ConfigurationError: a topic is missing, or the topics' partition counts differ.
            StalledError: no progress within the stall timeout.
            Exception: whatever made a batch fail.

        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        health = Health()
        health.liveness["progress"] = self._progress.probe
        health.readiness["assignment"] = self._readiness
        with HealthServer(health, host=self._settings.health_host, port=self._settings.health_port):
            await self._work()

    async def _work(self) -> None:
        publisher = OutcomePublisher(self._settings)
        shared = self._shared_cache()
        try:
            await self._wait_for_topics(publisher)
            if not self._stop.is_set():
                await self._stream(publisher, shared)
        finally:
            await asyncio.to_thread(publisher.close)
            await shared.close()
        if self._failure is not None:
            raise self._failure

    async def _stream(self, publisher: OutcomePublisher, shared: SharedCache) -> None:
        enricher = Enricher(
            registry=open_registry(self._registry_url()),
            engine=Engine(self._settings.parse_deadline_seconds),
            memory=OutputCache(self._settings.output_cache_bytes),
            shared=shared,
        )
        processor = Processor(
            enricher, publisher, max_bytes=self._settings.worker_in_flight_bytes, on_failure=self._fail
        )
        app = create_app(self._settings, processor, on_failure=self._fail)
        finish_before_revocation(app, processor, patience=self._settings.worker_session_timeout_seconds / 2)
        await app.start()
        log.info("started", group=self._settings.worker_group)
        try:
            await self._watch(app)
        finally:
            app.consumer.stop_flow()
            await processor.settled()
            await app.stop()
            log.info("stopped")

    async def _watch(self, app: StreamApp) -> None:
        """Keep readiness and progress up to date until told to stop or something broke."""
        lag = LagWatch(app, self._progress)
        while not self._stop.is_set():
            self._assigned = lag.look()
            progress = self._progress.probe()
            if app.crashed:
                self._fail(RuntimeError("Faust crashed; its log says why"))
            elif not progress.healthy:
                self._fail(StalledError(progress.detail))
            await self._pause(WATCH_SECONDS)

    async def _wait_for_topics(self, publisher: OutcomePublisher) -> None:
        prefix = self._settings.kafka_topic_prefix
        while not self._stop.is_set():
            try:
                partitions = publisher.partition_counts()
            except KafkaException as error:
                log.warning("waiting_for_broker", error=str(error))
                await self._pause(1.0)
                continue
            _check_partitions({topic: partitions.get(topic.named(prefix), 0) for topic in (EXECUTED, ANALYZED, DEAD)})
            return

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return

    def _fail(self, error: BaseException) -> None:
        self._failure = self._failure or error
        self._stop.set()

    def _readiness(self) -> Probe:
        return Probe(healthy=self._assigned, detail="partitions assigned" if self._assigned else "no partition yet")

    def _shared_cache(self) -> SharedCache:
        return SharedCache(
            self._settings.redis_url.get_secret_value(),
            version=cache_version(),
            ttl=self._settings.output_cache_ttl,
            timeout=self._settings.redis_timeout_seconds,
        )

    def _registry_url(self) -> str | None:
        url = self._settings.schema_registry_url
        return url.get_secret_value() if url is not None else None


def _check_partitions(counts: dict[Topic, int]) -> None:
    missing = [topic.name for topic, count in counts.items() if not count]
    if missing:
        raise ConfigurationError(f"no such topic: {', '.join(missing)}; create them with `netcopilot topics create`")
    if counts[ANALYZED] != counts[EXECUTED]:
        raise ConfigurationError(
            f"{ANALYZED.name} has {counts[ANALYZED]} partitions and {EXECUTED.name} {counts[EXECUTED]}; "
            "an analysed event stays in its partition: give both the same number"
        )
