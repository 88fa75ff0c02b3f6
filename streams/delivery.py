"""Publishing a batch's outcomes."""

import asyncio
import threading
from collections.abc import Sequence
from functools import partial

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from runtime.kafka import client_config
from runtime.kafka_fault import FaultWatch
from runtime.settings import KafkaSettings
from schemas.dead_letter import DeadLetter
from schemas.topics import ANALYSES_REQUESTED, ANALYZED, DEAD
from streams import metrics
from streams.driver.batch import RecordBatch
from streams.enrichment.outcome import Analyzed, Outcome, Rejected, Requested
from streams.receipt import TOO_LARGE, Receipt, failure_of

STAGE = "worker"
LARGE_BYTES = 256 << 10
"""An analysed event beyond this may be larger than its topic allows; a topic that refuses smaller ones takes none."""

ACKNOWLEDGEMENT_SECONDS = 10
"""How long a broker may wait for its replicas until it says so and is sent the batch again: less than its silence."""


class OutcomePublisher:
    """An idempotent librdkafka producer with one awaitable for each batch.

    Analysed events go to the same partition number as they came from, so that their topic keeps the order and the
    partitioning of its input; requests go by their fingerprint.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self._analyzed_topic = ANALYZED.named(settings.kafka_topic_prefix)
        self._requests_topic = ANALYSES_REQUESTED.named(settings.kafka_topic_prefix)
        self._dead_topic = DEAD.named(settings.kafka_topic_prefix)
        self._faults = FaultWatch()
        self._anew: set[asyncio.Task[None]] = set()
        self._producer = Producer(
            client_config(settings, client_id="netcopilot-worker")
            | {
                "error_cb": self._faults.note,
                "enable.idempotence": True,
                "acks": "all",
                "compression.type": "lz4",
                "linger.ms": 2,
                "message.timeout.ms": 0,
                "request.timeout.ms": ACKNOWLEDGEMENT_SECONDS * 1000,
                "message.max.bytes": 16 << 20,
                "queue.buffering.max.kbytes": 256 << 10,
            }
        )
        self._closing = threading.Event()
        self._poller = threading.Thread(target=self._poll, name="deliveries", daemon=True)
        self._poller.start()

    async def publish(self, batch: RecordBatch, outcomes: Sequence[Outcome], receipt: Receipt) -> None:
        """Hand outcomes of a batch to the producer, waiting for room; the receipt tells when the broker has them.

        An analysed event that is larger than its topic allows becomes a dead letter.

        Raises:
            ConfigurationError: not even that can be published, or the broker refuses this process.

        """
        for outcome in outcomes:
            receipt.expect()
            if not self._try_produce(batch, outcome, receipt):
                await self._hand_over(batch, outcome, receipt)

    async def _hand_over(self, batch: RecordBatch, outcome: Outcome, receipt: Receipt) -> None:
        while not self._try_produce(batch, outcome, receipt):  # noqa: ASYNC110 - librdkafka has no event for it
            await asyncio.sleep(0.01)

    def refuse_configuration_fault(self) -> None:
        """Raise what librdkafka said of this client since, if only a person can mend it.

        Raises:
            ConfigurationError: the credentials are wrong.

        """
        self._faults.refuse()

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

    def _try_produce(self, batch: RecordBatch, outcome: Outcome, receipt: Receipt) -> bool:
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
            if isinstance(outcome, Analyzed) and error.args[0].code() == TOO_LARGE:
                return self._try_produce(batch, _too_large(outcome), receipt)
            raise failure_of(error.args[0]) from error
        return True

    def _on_delivery(
        self, batch: RecordBatch, outcome: Analyzed, receipt: Receipt, error: KafkaError | None, message: Message
    ) -> None:
        """Take the report on an analysed event; called in librdkafka's thread.

        The broker refuses messages that travel together if one of them is too large: a small one goes again, behind
        what was handed over meanwhile.
        """
        if error is None or error.code() != TOO_LARGE:
            receipt.on_delivery(error, message)
            return
        anew = outcome if len(outcome.value) <= LARGE_BYTES else _too_large(outcome)
        receipt.loop.call_soon_threadsafe(self._hand_over_anew, batch, anew, receipt)

    def _hand_over_anew(self, batch: RecordBatch, outcome: Outcome, receipt: Receipt) -> None:
        task = receipt.loop.create_task(self._hand_over(batch, outcome, receipt))
        self._anew.add(task)
        task.add_done_callback(partial(self._on_handed_over, receipt))

    def _on_handed_over(self, receipt: Receipt, task: asyncio.Task[None]) -> None:
        self._anew.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            receipt.fail(error)

    def _produce_analyzed(self, batch: RecordBatch, outcome: Analyzed, receipt: Receipt) -> None:
        self._producer.produce(
            self._analyzed_topic,
            key=outcome.record.key,
            value=outcome.value,
            headers=outcome.headers,
            partition=batch.source.partition,
            timestamp=outcome.record.timestamp,
            on_delivery=partial(self._on_delivery, batch, outcome, receipt),
        )

    def _produce_request(self, outcome: Requested, receipt: Receipt) -> None:
        self._producer.produce(
            self._requests_topic,
            key=outcome.name.key,
            value=outcome.value,
            headers=outcome.headers,
            on_delivery=receipt.on_delivery,
        )

    def _produce_rejected(self, batch: RecordBatch, outcome: Rejected, receipt: Receipt) -> None:
        letter = DeadLetter(outcome.reason, STAGE, *batch.source, outcome.record.offset)
        self._producer.produce(
            self._dead_topic,
            key=outcome.record.key,
            value=outcome.record.value,
            headers=letter.headers(outcome.record.headers),
            on_delivery=receipt.on_delivery,
        )
        metrics.DEAD_LETTERS.inc()


def _too_large(outcome: Analyzed) -> Rejected:
    return Rejected(outcome.record, f"{len(outcome.value)} bytes with its analysis: larger than the topic allows")
