"""How many messages of the partitions that are read are not in ClickHouse yet."""

from collections.abc import Mapping

from confluent_kafka import Consumer, TopicPartition

from sinks import metrics


class Lag:
    """Measures, and tells the metrics."""

    def __init__(self, consumer: Consumer, topic: str) -> None:
        self._consumer = consumer
        self._topic = topic

    def measure(self, ends: Mapping[int, int], written: Mapping[int, int]) -> int:
        """Return the sum over partitions, given the offsets behind their last messages and their written ones."""
        total = 0
        for partition, end in ends.items():
            lag = max(end, self._fetched_end(partition)) - written[partition]
            metrics.LAG.labels(self._topic, partition).set(max(lag, 0))
            total += max(lag, 0)
        return total

    def _fetched_end(self, partition: int) -> int:
        """Return the end that the last fetch told; the embedded broker's own answer may lie a batch before it."""
        limits = self._consumer.get_watermark_offsets(TopicPartition(self._topic, partition), cached=True)
        return limits[1] if limits is not None else 0
