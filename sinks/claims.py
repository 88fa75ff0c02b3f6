"""Telling Kafka how far somebody may have written, before anybody writes."""

from collections.abc import Callable, Sequence

from confluent_kafka import Consumer, KafkaException, TopicPartition

from runtime.errors import TransientError
from runtime.log import get_logger
from sinks.block import Block
from sinks.kafka import refuse_configuration_fault

log = get_logger(__name__)


class Claims:
    """Moves the group's offsets to the ends of blocks.

    Only for the thread that consumes: confluent-kafka (2.16) lets a commit of another thread wait behind every
    `consume()`, for seconds.
    """

    def __init__(self, commit: Callable[[list[TopicPartition]], None], topic_id: Callable[[], bytes]) -> None:
        self._commit = commit
        self._topic_id = topic_id

    def make(self, blocks: Sequence[Block]) -> None:
        """Claim blocks of one topic incarnation.

        A topic that is gone needs no claim: its messages are in this process only, so nobody else can write them.

        Raises:
            TransientError: the group refuses, because it rebalances, gave this sink up, or does not answer.
            ConfigurationError: the broker lets the sink not commit.

        """
        ends = [TopicPartition(block.place.topic, block.place.partition, block.next_offset) for block in blocks]
        try:
            self._commit(ends)
        except KafkaException as error:
            refuse_configuration_fault(error.args[0])
            if self._topic_id() == blocks[0].place.topic_id:
                raise TransientError(f"the group refuses the claim: {error}") from error
            log.warning("claim_needless", reason="the topic was made anew")


def commit_with(consumer: Consumer) -> Callable[[list[TopicPartition]], None]:
    """Return a synchronous commit that raises KafkaException for each partition's fault too."""

    def commit(ends: list[TopicPartition]) -> None:
        for place in consumer.commit(offsets=ends, asynchronous=False) or []:
            if place.error is not None:
                raise KafkaException(place.error)

    return commit
