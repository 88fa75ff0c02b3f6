"""Putting messages back into the topics that they came from."""

from collections.abc import Iterable

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from runtime.errors import TransientError
from runtime.kafka import client_config
from runtime.settings import KafkaSettings
from schemas.dead_letter import replay_headers
from schemas.topics import DEAD, TOPICS
from sinks.dlq.letter import Letter

_PATIENCE = 30.0
_BY_KEY = -1
"""The partition that librdkafka chooses."""


class Post:
    """An idempotent producer of the messages that dead letters were, each to its own topic and partition."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._producer = Producer(
            client_config(settings, client_id="netcopilot-dlq")
            | {
                "enable.idempotence": True,
                "acks": "all",
                "message.timeout.ms": int(_PATIENCE * 1000),
                "message.max.bytes": 16 << 20,
            }
        )
        self._topics = {topic.named(settings.kafka_topic_prefix) for topic in TOPICS if topic is not DEAD}
        self._partitions = self._count_partitions()

    def serves(self, topic: str) -> bool:
        """Return whether letters go to this topic: one of the platform's, and on the broker."""
        return topic in self._topics and topic in self._partitions

    def send(self, letters: Iterable[Letter]) -> None:
        """Send letters and return when the broker has them.

        Raises:
            TransientError: it does not have all of them; some may be there.

        """
        failures: list[KafkaError] = []
        for letter in letters:
            self._produce(letter, failures)
        waiting = self._producer.flush(_PATIENCE)
        if waiting or failures:
            raise TransientError(f"the broker did not take a message: {failures[0].str() if failures else 'no answer'}")

    def _produce(self, letter: Letter, failures: list[KafkaError]) -> None:
        def note(error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                failures.append(error)

        death = letter.death
        was_there = 0 <= death.partition < self._partitions[death.topic]
        try:
            self._producer.produce(
                death.topic,
                value=letter.value,
                key=letter.key,
                partition=death.partition if was_there else _BY_KEY,
                headers=replay_headers(letter.headers),
                on_delivery=note,
            )
        except (KafkaException, BufferError) as error:
            raise TransientError(f"the broker did not take a message: {error}") from error

    def _count_partitions(self) -> dict[str, int]:
        try:
            topics = self._producer.list_topics(timeout=10).topics
        except KafkaException as error:
            raise TransientError(f"the broker does not answer: {error}") from error
        return {name: len(topic.partitions) for name, topic in topics.items()}
