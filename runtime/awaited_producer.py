"""A Kafka producer for those who go on only when the broker has their messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from runtime.errors import TransientError
from runtime.kafka import client_config
from runtime.kafka_fault import FaultWatch
from runtime.settings import KafkaSettings

_LARGEST_MESSAGE = 16 << 20
_METADATA_SECONDS = 10
_BY_KEY = -1
"""The partition that librdkafka chooses."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message and where it goes; without a partition, its key decides."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, str | bytes | None]] = ()
    partition: int | None = None


class AwaitedProducer:
    """An idempotent producer; what a call was given, all in-sync replicas have when it returns.

    All methods raise ConfigurationError where the broker lets nobody in.
    """

    def __init__(self, settings: KafkaSettings, *, client_id: str, patience: float = 30.0) -> None:
        """`patience` is how many seconds a call waits for the broker."""
        self._patience = patience
        self._faults = FaultWatch()
        self._producer = Producer(
            client_config(settings, client_id=client_id)
            | {
                "enable.idempotence": True,
                "acks": "all",
                "linger.ms": 0,
                "message.timeout.ms": int(patience * 1000),
                "message.max.bytes": _LARGEST_MESSAGE,
                "error_cb": self._faults.note,
            }
        )

    def send(self, messages: Iterable[OutgoingMessage]) -> None:
        """Send messages and return when the broker has them.

        Raises:
            TransientError: it does not have all of them; some may be there.

        """
        outcome = _Outcome()
        for message in messages:
            self._produce(message, outcome)
        self._producer.flush(self._patience)
        self._faults.refuse()
        outcome.check()

    def partitions(self) -> dict[str, int]:
        """Return how many partitions each topic of the broker has.

        Raises:
            TransientError: it does not answer.

        """
        try:
            topics = self._producer.list_topics(timeout=_METADATA_SECONDS).topics
        except KafkaException as error:
            self._producer.poll(0)  # hears why nobody answered
            self._faults.refuse()
            raise TransientError(f"the broker does not answer: {error}") from error
        return {name: len(topic.partitions) for name, topic in topics.items()}

    def _produce(self, message: OutgoingMessage, outcome: "_Outcome") -> None:
        outcome.expect()
        try:
            self._producer.produce(
                message.topic,
                value=message.value,
                key=message.key,
                partition=_BY_KEY if message.partition is None else message.partition,
                headers=list(message.headers),
                on_delivery=outcome.note,
            )
        except (KafkaException, BufferError) as error:
            raise TransientError(f"the broker took no message for {message.topic}: {error}") from error


class _Outcome:
    """Counts acknowledgements; librdkafka tells them while this thread flushes."""

    def __init__(self) -> None:
        self._missing = 0
        self._error: KafkaError | None = None

    def expect(self) -> None:
        self._missing += 1

    def note(self, error: KafkaError | None, _message: Message) -> None:
        if error is None:
            self._missing -= 1
        else:
            self._error = error

    def check(self) -> None:
        if self._missing:
            reason = self._error.str() if self._error is not None else "no answer"
            raise TransientError(f"the broker did not take a message: {reason}")
