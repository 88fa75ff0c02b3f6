"""Which topic of that name this is: offsets mean something only within one life of a topic.

A topic that is deleted and made again, or kept by a broker in memory that restarts, begins at offset 0 again. Its
KIP-516 topic id tells the lives apart. librdkafka (2.16) fetches by name and would go on at the old position.
"""

from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from runtime.errors import TransientError
from sinks.container import TOPIC_ID_SIZE


class TopicIdentity:
    """Asks the broker for a topic's id."""

    def __init__(self, admin: AdminClient, topic: str, *, timeout: float = 2.0) -> None:
        self._admin = admin
        self._topic = topic
        self._timeout = timeout

    def current(self) -> bytes:
        """Return the topic's id as 16 bytes.

        Raises:
            TransientError: the broker did not answer, or has no such topic (yet).

        """
        collection = TopicCollection([self._topic])
        try:
            future = self._admin.describe_topics(collection, request_timeout=self._timeout)[self._topic]
            topic_id = future.result(self._timeout + 1).topic_id
        except KafkaException as error:
            raise TransientError(f"the broker does not tell the id of topic {self._topic}: {error}") from error
        except TimeoutError as error:
            raise TransientError(f"the broker does not tell the id of topic {self._topic}: timeout") from error
        halves = (topic_id.get_most_significant_bits(), topic_id.get_least_significant_bits())
        return b"".join((half % 2**64).to_bytes(TOPIC_ID_SIZE // 2, "big") for half in halves)
