"""The sink's Kafka clients, and what their errors mean."""

from collections.abc import Callable
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaError, Producer
from confluent_kafka.admin import AdminClient

from runtime import kafka_fault
from runtime.kafka import client_config, consumer_config
from sinks.settings import SinkSettings

_CLIENT_ID = "netcopilot-sink"
_FETCHED_AHEAD = 8
"""Part of the sink's buffer that librdkafka may hold beside it."""
_FETCH_BYTES = 256 << 10
"""A broker may wait for so many: rows wait for their block anyway, and each fetch costs both sides."""
_FETCH_AGAIN_MS = 20
"""Once there is room again for what is fetched ahead; librdkafka's own second is longer than that lasts."""
_ANY_SIZE = 1_000_000_000
"""The most that librdkafka allows: what a topic held, the broker may judge again."""
_RIGHTS = "grant the sink's Kafka user to read the topic, write the dead letters and join the group"
_CURES = {
    **kafka_fault.CURES,
    KafkaError.TOPIC_AUTHORIZATION_FAILED: _RIGHTS,
    KafkaError.GROUP_AUTHORIZATION_FAILED: _RIGHTS,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED: _RIGHTS,
    KafkaError.INVALID_SESSION_TIMEOUT: "set NETCOPILOT_SINK_SESSION_TIMEOUT_SECONDS within the broker's limits",
}


@dataclass(frozen=True, slots=True)
class KafkaClients:
    """Makes clients from settings."""

    settings: SinkSettings

    def consumer(self, group: str, on_error: Callable[[KafkaError], None]) -> Consumer:
        """Return a member of `group` that leaves all decisions on offsets to the caller."""
        session = int(self.settings.sink_session_timeout_seconds * 1000)
        config = consumer_config(self.settings, client_id=_CLIENT_ID) | {
            "group.id": group,
            "partition.assignment.strategy": "cooperative-sticky",
            "session.timeout.ms": session,
            "heartbeat.interval.ms": max(session // 4, 200),
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "error",
            "enable.partition.eof": True,
            "queued.max.messages.kbytes": max(self.settings.sink_buffer_bytes // 1024 // _FETCHED_AHEAD, 1),
            "fetch.queue.backoff.ms": _FETCH_AGAIN_MS,
            "fetch.min.bytes": _FETCH_BYTES,
            "socket.timeout.ms": 10_000,
            "reconnect.backoff.ms": 200,
            "reconnect.backoff.max.ms": 1000,
        }
        return Consumer(config | {"error_cb": on_error})

    def admin(self) -> AdminClient:
        """Return a client for questions about topics."""
        return AdminClient(client_config(self.settings, client_id=_CLIENT_ID) | {"reconnect.backoff.max.ms": 1000})

    def producer(self) -> Producer:
        """Return an idempotent producer."""
        config = client_config(self.settings, client_id=_CLIENT_ID) | {
            "enable.idempotence": True,
            "message.timeout.ms": 30_000,
            "topic.metadata.propagation.max.ms": 10_000,  # a topic that is missing so long is missing
            "message.max.bytes": _ANY_SIZE,
        }
        return Producer(config)


def refuse_configuration_fault(error: KafkaError) -> None:
    """Raise where only a person can help; return where time may.

    Raises:
        ConfigurationError: credentials, rights or limits are wrong.

    """
    kafka_fault.refuse_configuration_fault(error, _CURES)
