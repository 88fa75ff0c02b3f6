"""What a resuming stream missed, read again from Kafka."""

import asyncio
import heapq
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from api.live.batch import Batch, RawMessage
from api.live.consumption import consumer_config, raw
from api.live.event import LiveEvent
from api.live.notice import Gap, GapReason
from api.live.position import Position
from api.settings import ApiSettings
from schemas.registry import Registry

_AT_ONCE = 4
_READ_SECONDS = 5.0
_POLL_SECONDS = 0.25
_FETCH_MESSAGES = 500


@dataclass(frozen=True, slots=True)
class Replay:
    """The events of a stretch, oldest first, and what of it could not be given again."""

    events: Sequence[LiveEvent] = ()
    gap: Gap | None = None


class Replayer:
    """Reads stretches of the topic, a bounded number of messages each, and a few stretches at once."""

    def __init__(self, settings: ApiSettings, *, topic: str, registry: Registry) -> None:
        self._settings = settings
        self._topic = topic
        self._registry = registry
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def replay(self, begin: Position, end: Position) -> Replay:
        """Return the newest events from one position to another, at most the setting's number of messages."""
        if begin.incarnation != end.incarnation:
            return Replay(gap=Gap(GapReason.TOPIC_RECREATED))
        if any(offset > end.offsets.get(partition, 0) for partition, offset in begin.offsets.items()):
            return Replay(gap=Gap(GapReason.UNKNOWN_POSITION))
        start, missed = newest(begin, end, most=self._settings.api_live_replay_events)
        if start == end.offsets:
            return Replay(gap=_limit_gap(missed))
        try:
            async with self._turns:
                messages = await asyncio.to_thread(self._read, start, end.offsets)
        except KafkaException:
            return Replay(gap=Gap(GapReason.UNREACHABLE))
        batch = Batch(
            messages,
            begin=Position(end.incarnation, start),
            registry=self._registry,
            tenant=self._settings.tenant_id,
        )
        return Replay(await asyncio.to_thread(batch.events), _limit_gap(missed))

    def _read(self, start: Mapping[int, int], end: Mapping[int, int]) -> list[RawMessage]:
        """Return the messages of a stretch; each partition's in order, partitions by time.

        Raises:
            KafkaException: the broker did not give all of it in time.

        """
        behind = {partition for partition, offset in start.items() if offset < end[partition]}
        found: dict[int, list[RawMessage]] = {partition: [] for partition in behind}
        deadline = time.monotonic() + _READ_SECONDS
        consumer = self._consumer()
        try:
            consumer.assign([TopicPartition(self._topic, partition, start[partition]) for partition in behind])
            while behind:
                if time.monotonic() > deadline:
                    raise KafkaException(KafkaError(KafkaError._TIMED_OUT))  # noqa: SLF001 - the code's public name
                behind -= self._collect(consumer, end, found)
        finally:
            consumer.close()
        return list(heapq.merge(*found.values(), key=lambda message: message.timestamp))

    def _consumer(self) -> Consumer:
        config = consumer_config(self._settings, client_id="netcopilot-api-replay")
        return Consumer({**config, "auto.offset.reset": "earliest", "enable.partition.eof": True})

    @staticmethod
    def _collect(consumer: Consumer, end: Mapping[int, int], found: Mapping[int, list[RawMessage]]) -> set[int]:
        """Take what has come; return the partitions that are through."""
        first = consumer.poll(_POLL_SECONDS)
        through = set()
        for message in [] if first is None else [first, *consumer.consume(_FETCH_MESSAGES, 0)]:
            partition, offset = message.partition() or 0, message.offset() or 0
            error = message.error()
            if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - the code's public name
                raise KafkaException(error)
            if error is not None or offset + 1 >= end[partition]:
                through.add(partition)
            if error is None and offset < end[partition]:
                found[partition].append(raw(message))
        return through


def newest(begin: Position, end: Position, *, most: int) -> tuple[dict[int, int], int]:
    """Return where to start so that at most about `most` messages are read, and how many that leaves out.

    The left-out messages are taken from each partition in proportion to how far it is behind.
    """
    behind = {partition: offset - begin.offsets.get(partition, 0) for partition, offset in end.offsets.items()}
    total = sum(behind.values())
    if total <= most:
        return {partition: offset - behind[partition] for partition, offset in end.offsets.items()}, 0
    kept = {partition: count * most // total for partition, count in behind.items()}
    return {partition: offset - kept[partition] for partition, offset in end.offsets.items()}, total - sum(
        kept.values()
    )


def _limit_gap(missed: int) -> Gap | None:
    return Gap(GapReason.REPLAY_LIMIT, missed) if missed else None
