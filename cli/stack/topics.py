"""The platform's topics on a broker that has none yet."""

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.cimpl import NewTopic

from cli.stack.librdkafka import admin_client
from runtime.errors import TransientError
from schemas.topics import TOPICS

_PATIENCE = 15.0


def create_topics(bootstrap_servers: str) -> None:
    """Create every topic of `schemas.topics` that does not exist; those that do stay as they are.

    Raises:
        TransientError: the broker did not create one.

    """
    admin = admin_client(bootstrap_servers)
    wanted = [
        NewTopic(topic.name, num_partitions=topic.partitions, replication_factor=1, config=topic.config)
        for topic in TOPICS
    ]
    for name, creation in admin.create_topics(wanted, request_timeout=_PATIENCE).items():
        try:
            creation.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise TransientError(f"the broker did not create topic {name}: {error}") from error
