"""Fresh topics on a broker that all tests share."""

import time
import uuid
from collections.abc import Mapping

from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from schemas.topics import Topic


class TopicFactory:
    """Makes topics whose names no other test has."""

    def __init__(self, bootstrap_servers: str, *, replication_factor: int = 1) -> None:
        self._replication_factor = replication_factor
        self._admin = AdminClient({"bootstrap.servers": bootstrap_servers})

    def prefixed(self, *topics: Topic, partitions: int = 1) -> str:
        """Create topics of the platform under a fresh prefix and return that (NETCOPILOT_KAFKA_TOPIC_PREFIX)."""
        prefix = f"{uuid.uuid4().hex[:12]}."
        wanted = [NewTopic(t.named(prefix), partitions, self._replication_factor) for t in topics]
        self._create(wanted)
        return prefix

    def __call__(self, name: str = "topic", *, partitions: int = 1, config: Mapping[str, str] | None = None) -> str:
        """Create `<name>.<random>` and return that name once the broker has made it."""
        topic = f"{name}.{uuid.uuid4().hex[:12]}"
        wanted = NewTopic(topic, partitions, self._replication_factor, config=dict(config or {}))
        self._create([wanted])
        return topic

    def _create(self, wanted: list[NewTopic]) -> None:
        """Create topics; return when the broker tells others of them, which is a moment after it made them."""
        for creation in self._admin.create_topics(wanted).values():
            creation.result(timeout=30)
        names = {topic.topic for topic in wanted}
        deadline = time.monotonic() + 30
        while not names <= set(self._admin.list_topics(timeout=10).topics):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the broker does not tell of {', '.join(names)}")
            time.sleep(0.05)
