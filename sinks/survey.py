"""Looks at the topic from outside the consumer, every now and then: is it still the same, and how far does it reach."""

import time
from collections.abc import Iterable
from concurrent.futures import TimeoutError as FutureTimeoutError

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._listoffsets import OffsetSpec

from runtime.errors import TransientError
from runtime.topic_identity import TopicIdentity

_TIMEOUT = 2.0


class TopicRecreatedError(Exception):
    """The topic is another than the one the consumer joined, under the same name."""


class Survey:
    """The topic's identity and its ends."""

    def __init__(
        self, admin: AdminClient, topic: str, identity: TopicIdentity, topic_id: bytes, *, interval: float = 2.0
    ) -> None:
        self._admin = admin
        self._topic = topic
        self.topic_id = topic_id
        self._identity = identity
        self._interval = interval
        self._next = 0.0
        self.in_doubt = False
        """Whether the broker was away since the topic was last seen: it may have come back with another topic."""

    @property
    def is_due(self) -> bool:
        """Whether it is time to look again."""
        return self.in_doubt or time.monotonic() >= self._next

    def verify(self) -> None:
        """Look at the topic's id; doubt remains until the broker answers.

        Raises:
            TopicRecreatedError: it is another topic now.
            TransientError: the broker did not answer.
            ConfigurationError: a person must act.

        """
        self._next = time.monotonic() + self._interval
        self.in_doubt = True
        if self._identity.current() != self.topic_id:
            raise TopicRecreatedError(self._topic)
        self.in_doubt = False

    def ends(self, partitions: Iterable[int]) -> dict[int, int]:
        """Return the offset after the last message of each partition.

        Raises:
            TransientError: the broker did not answer.

        """
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        wanted = {TopicPartition(self._topic, partition): latest for partition in partitions}
        if not wanted:
            return {}
        try:
            found = self._admin.list_offsets(wanted, request_timeout=_TIMEOUT)
            return {place.partition: answer.result(_TIMEOUT + 1).offset for place, answer in found.items()}
        except (KafkaException, FutureTimeoutError) as error:
            raise TransientError(f"the broker does not tell the ends of {self._topic}: {error}") from error
