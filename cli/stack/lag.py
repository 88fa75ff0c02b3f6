"""How far a consumer group is behind, as its committed offsets tell."""

from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaException, TopicPartition

from cli.stack.librdkafka import observer
from runtime.errors import TransientError

_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Consumption:
    """A consumer group and a topic that it reads to the end."""

    group: str
    topic: str

    def lag(self, bootstrap_servers: str) -> int:
        """Return the number of records that the group has not committed yet.

        Raises:
            TransientError: the broker does not answer.

        """
        consumer = observer(bootstrap_servers, self.group)
        try:
            metadata = consumer.list_topics(self.topic, timeout=_PATIENCE).topics[self.topic]
            partitions = [TopicPartition(self.topic, number) for number in metadata.partitions]
            return sum(_behind(consumer, at) for at in consumer.committed(partitions, timeout=_PATIENCE))
        except KafkaException as error:
            raise TransientError(f"the lag of {self.group} is unknown: {error}") from error
        finally:
            consumer.close()


def _behind(consumer: Consumer, committed: TopicPartition) -> int:
    low, high = consumer.get_watermark_offsets(committed, timeout=_PATIENCE)
    return int(high - max(low, committed.offset))
