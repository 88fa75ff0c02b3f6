"""Messages that can never be processed, kept in a topic of their own with the reason beside them."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from runtime.errors import TransientError
from sinks import metrics
from sinks.block import offset_of


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message, where it failed (`frame`, `schema`, `insert`) and why, in words that quote nothing of it."""

    message: Message
    stage: str
    reason: str


class DeadLetters:
    """Publishes to the dead-letter topic: original key, value and headers, then the `dlq.*` headers."""

    def __init__(self, producer: Producer, topic: str, *, timeout: float = 30.0) -> None:
        self._producer = producer
        self._topic = topic
        self._timeout = timeout

    def publish(self, letters: Sequence[DeadLetter]) -> None:
        """Send all and wait until the broker has them. Called again after an error, it sends all again.

        Raises:
            TransientError: at least one was not acknowledged.

        """
        outcome = _Outcome(len(letters))
        try:
            for letter in letters:
                self._send(letter, outcome)
        except (KafkaException, BufferError) as error:
            raise TransientError(f"the dead-letter topic {self._topic} takes nothing: {error}") from error
        self._producer.flush(self._timeout)
        outcome.check(self._topic)
        for letter in letters:
            metrics.DEAD_LETTERS.labels(letter.stage).inc()

    def _send(self, letter: DeadLetter, outcome: "_Outcome") -> None:
        message = letter.message
        self._producer.produce(
            self._topic,
            value=message.value(),
            key=message.key(),
            headers=[*(message.headers() or []), *_reason_headers(letter)],
            on_delivery=outcome.note,
        )


def _reason_headers(letter: DeadLetter) -> list[tuple[str, bytes]]:
    headers = {
        "dlq.reason": letter.reason,
        "dlq.stage": letter.stage,
        "dlq.topic": letter.message.topic() or "",
        "dlq.partition": str(letter.message.partition()),
        "dlq.offset": str(offset_of(letter.message)),
        "dlq.time": datetime.now(UTC).isoformat(),
    }
    return [(name, text.encode()) for name, text in headers.items()]


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
