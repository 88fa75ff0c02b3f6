"""Putting messages back into the topics that they came from."""

from collections.abc import Iterable

from runtime.awaited_producer import AwaitedProducer, OutgoingMessage
from runtime.settings import KafkaSettings
from schemas.dead_letter import replay_headers
from schemas.topics import DEAD, TOPICS
from sinks.dlq.letter import Letter


class Post:
    """Sends the messages that dead letters were, each to its own topic and partition."""

    def __init__(self, settings: KafkaSettings) -> None:
        """Ask the broker for its topics.

        Raises:
            TransientError: it does not answer.

        """
        self._producer = AwaitedProducer(settings, client_id="netcopilot-dlq")
        self._topics = {topic.named(settings.kafka_topic_prefix) for topic in TOPICS if topic is not DEAD}
        self._partitions = self._producer.partitions()

    def serves(self, topic: str) -> bool:
        """Return whether letters go to this topic: one of the platform's, and on the broker."""
        return topic in self._topics and topic in self._partitions

    def send(self, letters: Iterable[Letter]) -> None:
        """Send letters and return when the broker has them.

        Raises:
            TransientError: it does not have all of them; some may be there.

        """
        self._producer.send(self._message(letter) for letter in letters)

    def _message(self, letter: Letter) -> OutgoingMessage:
        death = letter.death
        was_there = 0 <= death.partition < self._partitions[death.topic]
        headers = replay_headers(letter.headers)
        partition = death.partition if was_there else None
        return OutgoingMessage(death.topic, letter.key, letter.value, headers, partition)
