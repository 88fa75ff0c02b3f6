"""What the broker says of a topic: which incarnation of it, and its partitions."""

import threading
import time
from dataclasses import dataclass
from hashlib import blake2s

from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from runtime.errors import TransientError

_INCARNATION_BYTES = 4
_LOOK_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Topology:
    """A topic as it is now."""

    incarnation: str
    """Changes when the topic is deleted and made again: a digest of its id (KIP-516)."""
    partitions: tuple[int, ...]


def describe(admin: AdminClient, topic: str, *, timeout: float, stopping: threading.Event) -> Topology:
    """Ask the broker.

    Raises:
        TransientError: it does not answer within `timeout` seconds or before the process stops, or has no such topic.

    """
    future = admin.describe_topics(TopicCollection([topic]), request_timeout=timeout)[topic]
    deadline = time.monotonic() + timeout
    while not future.done():
        if stopping.wait(_LOOK_SECONDS) or time.monotonic() > deadline:
            raise TransientError(f"topic {topic}: the broker does not answer")
    try:
        description = future.result()
    except KafkaException as error:
        raise TransientError(f"topic {topic}: {error.args[0].str()}") from error
    digest = blake2s(str(description.topic_id).encode(), digest_size=_INCARNATION_BYTES)
    return Topology(digest.hexdigest(), tuple(sorted(partition.id for partition in description.partitions)))
