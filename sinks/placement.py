"""Where reading a partition begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaException, TopicPartition

from runtime.errors import TransientError
from runtime.log import get_logger
from sinks import metrics
from sinks.kafka import refuse_configuration_fault

_TIMEOUT = 5.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Start:
    """Where reading a partition begins."""

    partition: int
    offset: int
    """The first to read."""
    claimed: int
    """The end of a claim that may be written in part (0: none)."""
    end: int
    """The offset after the last message that is there now."""


def find_starts(consumer: Consumer, topic: str, partitions: Sequence[int], kept: Mapping[int, int]) -> list[Start]:
    """Return the starts of partitions, given the offsets that ClickHouse keeps with the data.

    The kept offset decides. A claim beyond it, made in Kafka, marks the end of a block that may be written in part.

    Raises:
        TransientError: the broker did not answer.
        ConfigurationError: the broker lets the sink not look.

    """
    wanted = [TopicPartition(topic, partition) for partition in partitions]
    try:
        claims = {found.partition: found.offset for found in consumer.committed(wanted, timeout=_TIMEOUT)}
        limits = {place.partition: consumer.get_watermark_offsets(place, timeout=_TIMEOUT) for place in wanted}
    except KafkaException as error:
        refuse_configuration_fault(error.args[0])
        raise TransientError(f"the broker does not tell the offsets of {topic}: {error}") from error
    return [_start(partition, kept.get(partition), limits[partition], claims[partition]) for partition in partitions]


def _start(partition: int, kept: int | None, limits: tuple[int, int] | None, claim: int) -> Start:
    if limits is None:
        raise TransientError(f"the broker does not tell the limits of partition {partition}")
    low, end = limits
    offset = low if kept is None else max(kept, low)
    if kept is not None and offset != kept:
        metrics.EXPIRED.inc()
        log.error("messages_deleted_unread", partition=partition, first=kept, next=low)
    if claim <= offset:
        return Start(partition, offset, claimed=0, end=end)
    metrics.REPLAYS.inc()
    log.info("replaying_claimed_block", partition=partition, first=offset, end=claim)
    return Start(partition, offset, claimed=claim, end=end)
