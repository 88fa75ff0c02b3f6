"""Publishing a batch's outcomes, and knowing when all of them are safe in the broker."""

import asyncio
import threading
from collections.abc import Sequence

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from runtime.kafka import client_config
from runtime.settings import KafkaSettings
from schemas.dead_letter import DeadLetter
from schemas.topics import ANALYSES_REQUESTED, ANALYZED, DEAD
from streams import metrics
from streams.driver.batch import RecordBatch
from streams.enrichment.outcome import Analyzed, Outcome, Rejected, Requested

STAGE = "worker"


class DeliveryError(Exception):
    """The broker refused a message for good: the worker ends, and the batch is read again."""


class OutcomePublisher:
    """An idempotent librdkafka producer with one awaitable for each batch.

    Analysed events go to the same partition number as they came from, so that their topic keeps the order and the
    partitioning of its input; requests go by their fingerprint.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self._analyzed_topic = ANALYZED.named(settings.kafka_topic_prefix)
        self._requests_topic = ANALYSES_REQUESTED.named(settings.kafka_topic_prefix)
        self._dead_topic = DEAD.named(settings.kafka_topic_prefix)
        self._producer = Producer(
            client_config(settings, client_id="netcopilot-worker")
            | {
                "enable.idempotence": True,
                "acks": "all",
                "compression.type": "lz4",
                "linger.ms": 2,
                "message.timeout.ms": 0,
                "message.max.bytes": 16 << 20,
                "queue.buffering.max.kbytes": 256 << 10,
            }
        )
        self._closing = threading.Event()
        self._poller = threading.Thread(target=self._poll, name="deliveries", daemon=True)
        self._poller.start()

    async def publish(self, batch: RecordBatch, outcomes: Sequence[Outcome], receipt: "Receipt") -> None:
        """Hand outcomes of a batch to the producer, waiting for room; the receipt tells when the broker has them."""
        for outcome in outcomes:
            receipt.expect()
            while not self._try_produce(batch, outcome, receipt):  # noqa: ASYNC110 - librdkafka has no event for it
                await asyncio.sleep(0.01)

    def partition_counts(self) -> dict[str, int]:
        """Return how many partitions each topic of the broker has.

        Raises:
            KafkaException: the broker does not answer.

        """
        topics = self._producer.list_topics(timeout=10).topics
        return {name: len(topic.partitions) for name, topic in topics.items()}

    def close(self) -> None:
        """Wait for what is under way and stop."""
        self._producer.flush(10)
        self._closing.set()
        self._poller.join()

    def _poll(self) -> None:
        while not self._closing.is_set():
            self._producer.poll(0.1)

    def _try_produce(self, batch: RecordBatch, outcome: Outcome, receipt: "Receipt") -> bool:
        try:
            if isinstance(outcome, Analyzed):
                self._produce_analyzed(batch, outcome, receipt)
            elif isinstance(outcome, Requested):
                self._produce_request(outcome, receipt)
            else:
                self._produce_rejected(batch, outcome, receipt)
        except BufferError:
            return False
        except KafkaException as error:
            raise DeliveryError(str(error)) from error
        return True

    def _produce_analyzed(self, batch: RecordBatch, outcome: Analyzed, receipt: "Receipt") -> None:
        self._producer.produce(
            self._analyzed_topic,
            key=outcome.record.key,
            value=outcome.value,
            headers=outcome.headers,
            partition=batch.source.partition,
            timestamp=outcome.record.timestamp,
            on_delivery=receipt.on_delivery,
        )

    def _produce_request(self, outcome: Requested, receipt: "Receipt") -> None:
        self._producer.produce(
            self._requests_topic,
            key=outcome.name.key,
            value=outcome.value,
            headers=outcome.headers,
            on_delivery=receipt.on_delivery,
        )

    def _produce_rejected(self, batch: RecordBatch, outcome: Rejected, receipt: "Receipt") -> None:
        letter = DeadLetter(outcome.reason, STAGE, *batch.source, outcome.record.offset)
        self._producer.produce(
            self._dead_topic,
            key=outcome.record.key,
            value=outcome.record.value,
            headers=letter.headers(outcome.record.headers),
            on_delivery=receipt.on_delivery,
        )
        metrics.DEAD_LETTERS.inc()


class Receipt:
    """Counts the deliveries of one batch; librdkafka's thread calls, the event loop waits.

    `delivered` is done when the receipt is sealed and the broker has all that was expected; it raises DeliveryError
    if one outcome cannot be delivered.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.delivered: asyncio.Future[None] = self._loop.create_future()
        self._expected = 0  # written by the event loop only
        self._arrived = 0  # written by librdkafka's thread only, as is the failure
        self._failure: str | None = None
        self._sealed = False

    def expect(self) -> None:
        """Count one more outcome."""
        self._expected += 1

    def seal(self) -> None:
        """Tell that all outcomes were handed over."""
        self._sealed = True
        self._settle()

    def on_delivery(self, error: KafkaError | None, _message: Message) -> None:
        """Take one delivery report; called in librdkafka's thread."""
        if error is not None:
            self._failure = self._failure or str(error)
        self._arrived += 1
        if self._failure is not None or (self._sealed and self._arrived == self._expected):
            self._loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        if self.delivered.done():
            return
        if self._failure is not None:
            self.delivered.set_exception(DeliveryError(self._failure))
        elif self._sealed and self._arrived == self._expected:
            self.delivered.set_result(None)
