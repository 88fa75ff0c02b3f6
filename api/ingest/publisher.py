"""Kafka's producer, awaited from the event loop.

confluent-kafka's own asyncio producer takes no headers, so delivery reports become futures here.
"""

import asyncio
import threading
from collections.abc import Sequence
from typing import Self

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from api.ingest.message import OutgoingMessage
from api.kafka import kafka_config
from api.metrics import INGESTED_EVENTS
from api.settings import ApiSettings
from runtime.errors import TransientError

_POLL_SECONDS = 0.1
_LAST_FLUSH_SECONDS = 5.0
_GRACE_SECONDS = 1.0


class Publisher:
    """Produces to one topic, idempotently, and knows when the broker has it. Made and used on one event loop."""

    def __init__(self, settings: ApiSettings, *, topic: str) -> None:
        self._topic = topic
        self._patience = settings.api_ingest_timeout_seconds
        config = kafka_config(settings, client_id="netcopilot-api-ingest")
        self._producer = Producer(
            {
                **config,
                "enable.idempotence": True,
                "acks": "all",
                "compression.type": "lz4",
                "linger.ms": 5,
                "partitioner": "murmur2_random",
                "delivery.timeout.ms": round(self._patience * 1000),
                "request.timeout.ms": round(self._patience * 1000),
                "message.max.bytes": settings.api_ingest_event_bytes * 2,
                "queue.buffering.max.messages": settings.api_ingest_events * 100,
            }
        )
        self._stopping = threading.Event()
        self._poller = threading.Thread(target=self._poll, name="ingest-reports", daemon=True)

    async def __aenter__(self) -> Self:
        self._poller.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await asyncio.to_thread(self._producer.flush, _LAST_FLUSH_SECONDS)
        self._stopping.set()
        await asyncio.to_thread(self._poller.join)

    async def publish(self, messages: Sequence[OutgoingMessage]) -> None:
        """Return once the broker has acknowledged every message.

        Raises:
            TransientError: it has not, within the setting's time; some of them may be stored all the same.

        """
        loop = asyncio.get_running_loop()
        reports = [self._produce(message, loop) for message in messages]
        try:
            async with asyncio.timeout(self._patience + _GRACE_SECONDS):
                await asyncio.gather(*reports)
        except KafkaException as error:
            raise TransientError(f"the broker did not take the events: {error.args[0].str()}") from error
        except TimeoutError:
            raise TransientError("the broker did not acknowledge the events in time") from None
        INGESTED_EVENTS.inc(len(messages))

    def _produce(self, message: OutgoingMessage, loop: asyncio.AbstractEventLoop) -> asyncio.Future[None]:
        report: asyncio.Future[None] = loop.create_future()

        def delivered(error: KafkaError | None, _message: Message) -> None:
            loop.call_soon_threadsafe(_settle, report, error)

        try:
            self._producer.produce(
                self._topic, message.value, message.key, headers=message.headers, on_delivery=delivered
            )
        except BufferError as error:
            raise TransientError("too many events wait for the broker") from error
        return report

    def _poll(self) -> None:
        while not self._stopping.is_set():
            self._producer.poll(_POLL_SECONDS)


def _settle(report: asyncio.Future[None], error: KafkaError | None) -> None:
    if report.done():
        return
    if error is None:
        report.set_result(None)
    else:
        report.set_exception(KafkaException(error))
