"""Messages that can never be processed, kept in a topic of their own with the reason beside them."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from runtime.errors import TransientError
from runtime.reject_ratio import RejectRatio
from schemas.dead_letter import DeadLetter
from sinks import metrics
from sinks.block import offset_of

STAGE = "sink"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A message, the step that refused it (`frame`, `schema`, `insert`), and why in words that quote nothing of it."""

    message: Message
    step: str
    reason: str

    @property
    def letter(self) -> DeadLetter:
        """The reason and the place, as the dead letter carries them."""
        message = self.message
        return DeadLetter(self.reason, STAGE, message.topic() or "", message.partition() or 0, offset_of(message))


class DeadLetters:
    """Publishes to the dead-letter topic: original key, value and headers, then the `dlq.*` headers."""

    def __init__(self, producer: Producer, topic: str, *, reject_ratio: RejectRatio, timeout: float = 30.0) -> None:
        """`reject_ratio` is to be told of every message before its rejection comes here."""
        self.reject_ratio = reject_ratio
        self._producer = producer
        self._topic = topic
        self._timeout = timeout

    def publish(self, rejections: Sequence[Rejection]) -> None:
        """Send all and wait until the broker has them. Called again after an error, it sends all again.

        Raises:
            TransientError: at least one was not acknowledged.

        """
        outcome = _Outcome(len(rejections))
        try:
            for rejection in rejections:
                self._send(rejection, outcome)
        except (KafkaException, BufferError) as error:
            raise TransientError(f"the dead-letter topic {self._topic} takes nothing: {error}") from error
        self._producer.flush(self._timeout)
        outcome.check(self._topic)
        for rejection in rejections:
            metrics.DEAD_LETTERS.labels(rejection.step).inc()

    def _send(self, rejection: Rejection, outcome: "_Outcome") -> None:
        message = rejection.message
        original = cast("list[tuple[str, bytes]]", message.headers() or [])
        self._producer.produce(
            self._topic,
            value=message.value(),
            key=message.key(),
            headers=rejection.letter.headers(original),
            on_delivery=outcome.note,
        )


class _Outcome:
    """Counts acknowledgements, which come from librdkafka's poll."""

    def __init__(self, expected: int) -> None:
        self._missing = expected
        self._error: KafkaError | None = None
        self._lock = threading.Lock()

    def note(self, error: KafkaError | None, _message: Message) -> None:
        with self._lock:
            if error is None:
                self._missing -= 1
            else:
                self._error = error

    def check(self, topic: str) -> None:
        if self._missing:
            reason = self._error.str() if self._error is not None else "timeout"
            raise TransientError(f"the dead-letter topic {topic} did not take a message: {reason}")
