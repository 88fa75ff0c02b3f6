"""`netcopilot worker`: the process that analyses executions."""

import asyncio
import signal
from functools import partial

import click
from confluent_kafka import KafkaException

from runtime import lifecycle
from runtime.allocation import return_large_blocks
from runtime.errors import ConfigurationError
from runtime.health import Health, HealthServer, Probe
from runtime.log import configure_logging, get_logger
from runtime.options import options_of, settings_from
from runtime.reject_ratio import RejectRatio
from schemas.registry import open_registry
from schemas.topics import ANALYSES_REQUESTED, ANALYZED, DEAD, EXECUTED, Topic
from streams import metrics
from streams.analysis.engine import Engine
from streams.analysis.thresholds import ThresholdBook
from streams.app import StreamApp, create_app
from streams.caching.caches import Caches
from streams.delivery import OutcomePublisher
from streams.enrichment.analyst import Analyst, Quickness
from streams.enrichment.enricher import Enricher
from streams.enrichment.explanation_desk import ExplanationDesk
from streams.enrichment.sighting import Sighter
from streams.in_flight import InFlight
from streams.lag import LagWatch
from streams.processor import Processor
from streams.settings import WorkerSettings
from streams.slow_lane.slow_lane import SlowLane
from streams.stall import Patience, StallWatch
from streams.watchdog import Watchdog

log = get_logger(__name__)

WATCH_SECONDS = 0.5
"""How often lag, progress and purges are looked at."""

SETTLING_SHARE = 0.8
"""Part of the rebalance timeout that finishing what was begun may take: who is later loses its membership."""


class StalledError(Exception):
    """Work waits and none is finished: the worker ends, so that another may try."""


class FaustError(Exception):
    """Faust, or the Kafka client under it, ended by itself: the worker would live on and read nothing."""


@click.command("worker")
@options_of(WorkerSettings)
def worker_command(**flags: str | None) -> None:
    """Analyse executions: read commands.executed, write commands.analyzed.

    Any number of workers share the work by partitions.
    """
    settings = settings_from(WorkerSettings, flags)
    configure_logging(settings, process="worker")
    return_large_blocks()
    lifecycle.run(lambda: asyncio.run(Worker(settings).run()))


class Worker:
    """One worker process."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._stop = asyncio.Event()
        self._failure: BaseException | None = None
        self._stall = StallWatch(Patience(settings.worker_stall_seconds, settings.worker_partition_stall_seconds))
        self._watchdog = Watchdog(settings.worker_stall_seconds + settings.worker_stop_seconds)
        self._assigned = False

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT, then finish what was begun and leave the group.

        Raises:
            ConfigurationError: a topic is missing, the topics' partition counts differ, or most messages are none.
            StalledError: no progress within the stall timeout.
            FaustError: Faust or its Kafka client ended.
            Exception: whatever made a batch fail.

        """
        self._watchdog.start()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        health = Health()
        health.liveness["progress"] = self._stall.probe
        health.readiness["assignment"] = self._readiness
        with HealthServer(health, host=self._settings.health_host, port=self._settings.health_port):
            await self._work()

    async def _work(self) -> None:
        publisher = OutcomePublisher(self._settings)
        caches = Caches(self._settings)
        try:
            await self._wait_for_topics(publisher)
            if not self._stop.is_set():
                await self._stream(publisher, caches)
        finally:
            self._watchdog.end_within(self._settings.worker_stop_seconds)
            await asyncio.to_thread(publisher.close)
            await caches.close()
        if self._failure is not None:
            raise self._failure

    async def _stream(self, publisher: OutcomePublisher, caches: Caches) -> None:
        settings = self._settings
        in_flight = InFlight(settings.worker_in_flight_bytes)
        slow_lane = SlowLane(
            deadline=settings.parse_deadline_seconds,
            processes=settings.slow_lane_processes,
            thresholds=settings.thresholds,
        )
        reject_ratio = RejectRatio(settings)
        metrics.REJECT_RATIO.set_function(reject_ratio.share)
        enricher = self._enricher(caches, slow_lane)
        enricher.stop_at(reject_ratio)
        processor = Processor(
            enricher,
            publisher,
            in_flight,
            on_failure=self._fail,
        )
        app = create_app(settings, processor, on_failure=self._fail)
        in_flight.steer(app.micro_batches)
        app.micro_batches.before_revocation = partial(
            processor.settle, patience=settings.worker_rebalance_timeout_seconds * SETTLING_SHARE
        )
        await app.start()
        log.info("started", group=settings.worker_group)
        try:
            await self._watch(app, caches)
        finally:
            self._watchdog.end_within(settings.worker_stop_seconds)
            app.micro_batches.before_revocation = partial(processor.settle, patience=settings.worker_stop_seconds / 2)
            await app.micro_batches.drain()
            await app.stop()
            await slow_lane.close()
            log.info("stopped")

    def _enricher(self, caches: Caches, slow_lane: SlowLane) -> Enricher:
        settings = self._settings
        registry = open_registry(self._registry_url())
        return Enricher(
            sighter=Sighter(registry),
            analyst=Analyst(
                Engine(settings.parse_deadline_seconds, ThresholdBook.from_json(settings.thresholds)),
                slow_lane,
                Quickness(settings.parse_inline_seconds, settings.parse_inline_characters),
            ),
            outputs=caches.outputs,
            devices=caches.devices,
            explanations=ExplanationDesk(
                caches.explanations,
                registry,
                verdicts=settings.explain_verdicts.split(",") if settings.explain else (),
                unshared_every=settings.explain_unshared_every,
            ),
        )

    async def _watch(self, app: StreamApp, caches: Caches) -> None:
        """Keep readiness, progress and caches up to date until told to stop or something broke."""
        lag = LagWatch(app)
        while not self._stop.is_set():
            standings = await lag.look()
            self._assigned = bool(standings)
            self._stall.note(standings)
            self._judge(app)
            await caches.catch_up()
            await self._pause(WATCH_SECONDS)

    def _judge(self, app: StreamApp) -> None:
        progress = self._stall.probe()
        if app.crashed:
            self._fail(FaustError("Faust crashed; its log says why"))
        elif failure := app.micro_batches.failure():
            self._fail(FaustError(f"the Kafka client's {failure}; its log says why"))
        elif not progress.healthy:
            self._fail(StalledError(progress.detail))

    async def _wait_for_topics(self, publisher: OutcomePublisher) -> None:
        prefix = self._settings.kafka_topic_prefix
        while not self._stop.is_set():
            try:
                partitions = await asyncio.to_thread(publisher.partition_counts)
            except KafkaException as error:
                publisher.refuse_configuration_fault()
                log.warning("waiting_for_broker", error=str(error))
                await self._pause(1.0)
                continue
            wanted = [EXECUTED, ANALYZED, DEAD, *([ANALYSES_REQUESTED] if self._settings.explain else [])]
            _check_partitions({topic: partitions.get(topic.named(prefix), 0) for topic in wanted})
            return

    async def _pause(self, seconds: float) -> None:
        self._watchdog.pat()
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return

    def _fail(self, error: BaseException) -> None:
        """End the worker for this reason, and tell it now: the end may hang on what failed."""
        if self._failure is None:
            log.error("ending", reason=str(error), kind=type(error).__name__)
            self._failure = error
        self._stop.set()

    def _readiness(self) -> Probe:
        return Probe(healthy=self._assigned, detail="partitions assigned" if self._assigned else "no partition yet")

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
