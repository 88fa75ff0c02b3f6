"""Which topic of that name this is: offsets mean something only within one life of a topic.

A topic that is deleted and made again, or kept by a broker in memory that restarts, begins at offset 0 again. Its
KIP-516 topic id tells the lives apart. librdkafka (2.16) fetches by name and would go on at the old position.
"""

import math
import time
from collections.abc import Callable
from contextlib import suppress

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from runtime.errors import ConfigurationError, TransientError
from runtime.kafka_fault import refuse_configuration_fault


class TopicIdentity:
    """Asks the broker for a topic's id."""

    def __init__(
        self,
        admin: AdminClient,
        topic: str,
        *,
        patience: float = math.inf,
        timeout: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`patience` is how many seconds a broker may answer that it has no such topic."""
        self._admin = admin
        self._topic = topic
        self._patience = patience
        self._timeout = timeout
        self._clock = clock
        self._missing_since: float | None = None

    def current(self) -> bytes:
        """Return the topic's id as 16 bytes.

        Raises:
            TransientError: the broker did not answer, or has no such topic yet.
            ConfigurationError: it had none for long, or lets this user not look.

        """
        collection = TopicCollection([self._topic])
        try:
            future = self._admin.describe_topics(collection, request_timeout=self._timeout)[self._topic]
            topic_id = future.result(self._timeout + 1).topic_id
        except KafkaException as error:
            self._weigh(error.args[0])
            self._look_around()
            raise TransientError(f"the broker does not tell the id of topic {self._topic}: {error}") from error
        except TimeoutError as error:
            raise TransientError(f"the broker does not tell the id of topic {self._topic}: timeout") from error
        self._missing_since = None
        halves = (topic_id.get_most_significant_bits(), topic_id.get_least_significant_bits())
        return b"".join((half % 2**64).to_bytes(8, "big") for half in halves)

    def _look_around(self) -> None:
        """Have the client ask the brokers that answer who there is.

        It sends the question to the one it holds for the controller, and where that broker is gone it would do so for
        minutes: librdkafka renews what it knows every five.
        """
        with suppress(KafkaException):
            self._admin.list_topics(self._topic, timeout=self._timeout)

    def _weigh(self, error: KafkaError) -> None:
        refuse_configuration_fault(error)
        if error.code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
            return
        now = self._clock()
        self._missing_since = now if self._missing_since is None else self._missing_since
        if now - self._missing_since >= self._patience:
            raise ConfigurationError(
                f"the broker has no topic {self._topic}: create it (`netcopilot topics`), or set "
                "NETCOPILOT_KAFKA_TOPIC_PREFIX to what its name begins with"
            )
