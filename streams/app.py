"""The Faust app: commands.executed in, commands.analyzed out."""

import logging
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import faust
from faust.streams import Stream
from faust.types import AgentT, StreamT
from faust.types.transports import TransportT

from runtime.settings import KafkaSettings
from schemas.topics import EXECUTED
from streams.driver.batch import RecordBatch
from streams.driver.codec import BatchCodec
from streams.driver.consumer import MicroBatchConsumer
from streams.driver.drain import Portions
from streams.driver.monitor import RecordMonitor
from streams.driver.options import DriverOptions
from streams.driver.transport import MicroBatchTransport
from streams.processor import Processor
from streams.settings import WorkerSettings

BUFFERED_BATCHES = 4
"""Batches that may wait in Faust's queue before a partition is paused; their bytes are not among those in flight."""
PORTIONS = 4
"""What is taken from the fetcher at a time is one of so many parts of the bytes in flight."""


logging.getLogger("mode.timers").setLevel(logging.ERROR)  # it warns of every commit that takes longer than its interval


class StreamApp(faust.App):
    """A Faust app on the micro-batch transport, without tables, web server or data folder.

    Faust lets the process live on when an agent dies; `on_agent_death` is told instead.
    """

    on_agent_death: Callable[[BaseException], None] | None = None
    driver: DriverOptions = DriverOptions()

    def _new_transport(self) -> TransportT:
        return MicroBatchTransport(self.conf.broker_consumer, self, options=self.driver)

    @property
    def micro_batches(self) -> MicroBatchConsumer:
        """The app's consumer, as what it is."""
        return cast("MicroBatchConsumer", self.consumer)

    async def _on_agent_error(self, agent: AgentT[Any], exc: BaseException) -> None:
        if self.on_agent_death is not None:
            self.on_agent_death(exc)
        await super()._on_agent_error(agent, exc)

    def _create_directories(self) -> None:
        """Make none: there is no table to store."""


def create_app(
    settings: WorkerSettings, processor: Processor, *, on_failure: Callable[[BaseException], None]
) -> StreamApp:
    """Return the app whose one agent gives every batch of commands.executed to the processor.

    `on_failure` is told what killed the agent, if anything does.
    """
    servers = settings.kafka_bootstrap_servers.split(",")
    app = StreamApp(
        settings.worker_group,
        broker=[f"aiokafka://{server.strip()}" for server in servers],
        broker_credentials=_credentials(settings),
        broker_session_timeout=settings.worker_session_timeout_seconds,
        broker_heartbeat_interval=settings.worker_session_timeout_seconds / 4,
        broker_rebalance_timeout=settings.worker_rebalance_timeout_seconds,
        broker_request_timeout=_request_timeout(settings),
        broker_commit_interval=settings.worker_commit_interval_seconds,
        consumer_max_fetch_size=settings.worker_fetch_bytes,
        stream_wait_empty=False,
        stream_buffer_maxsize=BUFFERED_BATCHES,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        autodiscover=False,
        Monitor=RecordMonitor,
    )
    app.driver = _driver_options(settings)
    topic = app.topic(EXECUTED.named(settings.kafka_topic_prefix), key_serializer="raw", value_serializer=BatchCodec())

    app.on_agent_death = on_failure

    @app.agent(topic, concurrency=1, name="enrich")
    async def enrich(stream: StreamT[Any]) -> None:
        batches = cast("Stream[RecordBatch]", stream).noack()
        async for event in batches.events():
            await processor.process(event.value, partial(batches.ack, event))

    return app


def _driver_options(settings: WorkerSettings) -> DriverOptions:
    portions = Portions(
        partition_bytes=settings.worker_fetch_bytes,
        total_bytes=max(settings.worker_fetch_bytes, settings.worker_in_flight_bytes // PORTIONS),
    )
    return DriverOptions(settings.kafka_fetch_wait_ms, portions)


def _request_timeout(settings: WorkerSettings) -> float:
    """Return when a broker that does not answer counts as gone: it may hold a member while the group meets."""
    return max(settings.worker_session_timeout_seconds, settings.worker_rebalance_timeout_seconds) + 5


def _credentials(settings: KafkaSettings) -> Any:
    protocol = settings.kafka_security_protocol
    context = ssl.create_default_context(cafile=settings.kafka_ssl_cafile) if protocol.endswith("SSL") else None
    if protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=settings.kafka_sasl_username,
            password=settings.kafka_sasl_password.get_secret_value(),
            mechanism=settings.kafka_sasl_mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None
