"""Messages that can never be processed, kept in a topic of their own with the reason beside them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from runtime.errors import ConfigurationError, NetcopilotError, TransientError
from runtime.reject_ratio import RejectRatio
from schemas.dead_letter import DeadLetter
from sinks import metrics
from sinks.block import offset_of
from sinks.kafka import refuse_configuration_fault

STAGE = "sink"


_MISSING = "create the topic {} (`netcopilot topics`)"
_CURES = {
    KafkaError.MSG_SIZE_TOO_LARGE: "let the topic {} take larger messages (max.message.bytes) than the topics read",
    KafkaError.UNKNOWN_TOPIC_OR_PART: _MISSING,
    KafkaError._UNKNOWN_TOPIC: _MISSING,  # noqa: SLF001 - confluent-kafka names local errors so
}


@dataclass(frozen=True, slots=True, eq=False)
class Rejection:
    """A message, the step that refused it (`frame`, `schema`, `datum`, `insert`), and why: words that quote nothing."""

    message: Message
    step: str
    reason: str

    @property
    def place(self) -> tuple[int, int]:
        """The message's partition and offset."""
        return self.message.partition() or 0, offset_of(self.message)

    @property
    def letter(self) -> DeadLetter:
        """The reason and the place, as the dead letter carries them."""
        message = self.message
        return DeadLetter(self.reason, STAGE, message.topic() or "", *self.place)


class DeadLetters:
    """Publishes to the dead-letter topic: original key, value and headers, then the `dlq.*` headers."""

    def __init__(self, producer: Producer, topic: str, *, reject_ratio: RejectRatio, timeout: float = 30.0) -> None:
        """`reject_ratio` is to be told of every message before its rejection comes here."""
        self.reject_ratio = reject_ratio
        self._producer = producer
        self._topic = topic
        self._timeout = timeout

    def publish(self, rejections: list[Rejection]) -> None:
        """Send all, wait for the broker, and take out of the list what it has.

        Raises:
            TransientError: something is left in the list.
            ConfigurationError: the broker does not let the sink write there, or takes no message as large as these.

        """
        outcome = _Outcome()
        try:
            for rejection in rejections:
                self._send(rejection, outcome)
        except (KafkaException, BufferError) as error:
            raise TransientError(f"the dead-letter topic {self._topic} takes nothing: {error}") from error
        finally:
            self._producer.flush(self._timeout)
            rejections[:] = [rejection for rejection in rejections if rejection not in outcome.arrived]
            self._count(outcome.arrived)
        if rejections:
            raise self._complaint(outcome.error)

    def _send(self, rejection: Rejection, outcome: "_Outcome") -> None:
        message = rejection.message
        original = cast("list[tuple[str, bytes]]", message.headers() or [])
        self._producer.produce(
            self._topic,
            value=message.value(),
            key=message.key(),
            headers=rejection.letter.headers(original),
            on_delivery=outcome.noting(rejection),
        )

    def _count(self, sent: Iterable[Rejection]) -> None:
        for rejection in sent:
            metrics.DEAD_LETTERS.labels(rejection.step).inc()

    def _complaint(self, error: KafkaError | None) -> NetcopilotError:
        if error is None:
            return TransientError(f"the dead-letter topic {self._topic} did not take a message in time")
        refuse_configuration_fault(error)
        if error.code() in _CURES:
            return ConfigurationError(f"Kafka answered {error.name()}: {_CURES[error.code()].format(self._topic)}")
        return TransientError(f"the dead-letter topic {self._topic} did not take a message: {error.str()}")


class _Outcome:
    """Who has arrived, told by librdkafka's poll."""

    def __init__(self) -> None:
        self.arrived: set[Rejection] = set()
        self.error: KafkaError | None = None

    def noting(self, rejection: Rejection) -> Callable[[KafkaError | None, Message], None]:
        """Return what is to be called when a rejection's message arrived, or did not."""

        def note(error: KafkaError | None, _message: Message) -> None:
            if error is None:
                self.arrived.add(rejection)
            else:
                self.error = error

        return note
