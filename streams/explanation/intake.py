"""Requests from Kafka.

A plain librdkafka consumer in a thread of its own: there are few requests and each takes seconds, so that Faust's
machinery for many messages a second would only be in the way, and the connection settings are those of all parts.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from runtime.errors import ConfigurationError
from runtime.kafka import consumer_config
from runtime.kafka_fault import FaultWatch, refuse_configuration_fault
from runtime.log import get_logger
from schemas.topics import ANALYSES_REQUESTED
from streams.explanation.positions import Positions
from streams.explanation.settings import ExplainerSettings

log = get_logger(__name__)

_FETCH_SECONDS = 0.2

Answer = TypeVar("Answer")


class Intake:
    """A member of the explainers' group; what it handed out is committed as its `positions` come on."""

    def __init__(self, settings: ExplainerSettings) -> None:
        self.topic = ANALYSES_REQUESTED.named(settings.kafka_topic_prefix)
        self.positions = Positions()
        self.joined = False
        self._holding = False
        self._faults = FaultWatch()
        session = int(settings.explainer_session_timeout_seconds * 1000)
        self._consumer = Consumer(
            consumer_config(settings, client_id="netcopilot-explainer")
            | {
                "group.id": settings.explainer_group,
                "partition.assignment.strategy": "cooperative-sticky",
                "session.timeout.ms": session,
                "heartbeat.interval.ms": max(session // 4, 200),
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "earliest",
                "queued.max.messages.kbytes": 16 * 1024,
                "error_cb": self._faults.note,
            }
        )
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self._loop = asyncio.get_running_loop()

    async def join(self) -> None:
        """Join the group."""
        await self._call(self._subscribe)

    async def fetch(self, most: int) -> list[Message]:
        """Return up to `most` requests, perhaps none; with 0 the partitions are held and the membership is kept.

        Raises:
            ConfigurationError: the topic is missing, or the broker lets nobody in.
            KafkaException: the consumer cannot go on.

        """
        messages = await self._call(lambda: self._fetch(most))
        for message in messages:
            self.positions.begin(message.partition() or 0, message.offset() or 0)
        return messages

    async def commit(self) -> None:
        """Commit what came on; where that fails, the requests are read again and found explained."""
        moved = self.positions.moved()
        if not moved:
            return
        committed = await self._call(lambda: self._commit(moved))
        if committed:
            self.positions.committed(moved)

    async def close(self) -> None:
        """Leave the group."""
        await self._call(self._consumer.close)
        self._thread.shutdown()

    async def _call(self, action: Callable[[], Answer]) -> Answer:
        return await self._loop.run_in_executor(self._thread, action)

    def _subscribe(self) -> None:
        self._consumer.subscribe(
            [self.topic], on_assign=self._on_assign, on_revoke=self._on_loss, on_lost=self._on_loss
        )

    def _fetch(self, most: int) -> list[Message]:
        self._hold(hold=not most)
        messages = self._consumer.consume(max(most, 1), _FETCH_SECONDS)
        self._faults.refuse()
        return [message for message in messages if _is_request(message)]

    def _hold(self, *, hold: bool) -> None:
        if hold == self._holding:
            return
        self._holding = hold
        (self._consumer.pause if hold else self._consumer.resume)(self._consumer.assignment())

    def _commit(self, positions: Mapping[int, int]) -> bool:
        offsets = [TopicPartition(self.topic, partition, offset) for partition, offset in positions.items()]
        try:
            self._consumer.commit(offsets=offsets, asynchronous=False)
        except KafkaException as error:
            log.warning("commit_failed", error=str(error))
            return False
        return True

    def _on_assign(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.joined = True
        consumer.incremental_assign(partitions)
        if self._holding:
            consumer.pause(partitions)

    def _on_loss(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Forget partitions; the call reaches the event loop before any message fetched later does."""
        lost = [partition.partition for partition in partitions]
        self._loop.call_soon_threadsafe(self.positions.forget, lost)


def _is_request(message: Message) -> bool:
    """Tell whether a message carries a request; the rest are notices.

    Raises:
        ConfigurationError: the topic is missing, or a right to it.
        KafkaException: the consumer cannot go on.

    """
    error = message.error()
    if error is None:
        return True
    if error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
        raise ConfigurationError(
            f"no topic {ANALYSES_REQUESTED.name}; create the topics with `netcopilot topics create`"
        )
    refuse_configuration_fault(error)
    if error.fatal():
        raise KafkaException(error)
    log.warning("consumer_notice", error=str(error))
    return False
