"""One membership in the consumer group: reads, buffers and hands blocks to the delivery."""

import threading
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, TopicPartition

from runtime.errors import TransientError
from runtime.health import Progress
from runtime.lifecycle import Shutdown
from runtime.log import get_logger
from sinks import metrics
from sinks.block import Block, Place
from sinks.buffer import BlockLimits, PartitionBuffer
from sinks.claims import Claims, commit_with
from sinks.delivery import Delivery
from sinks.dispatch import Dispatch
from sinks.incarnation import TopicIdentity
from sinks.kafka import END_OF_PARTITION, KafkaClients, refuse_configuration_fault
from sinks.placement import find_starts
from sinks.settings import SinkSettings
from sinks.store import Store
from sinks.survey import Survey, TopicRecreatedError

_FETCH_MESSAGES = 5_000
_FETCH_SECONDS = 0.1
_PAUSE_SECONDS = 0.2

log = get_logger(__name__)


@dataclass(slots=True)
class SessionState:
    """What the health probes look at, from another thread."""

    joined: bool = False
    """Whether the group has told which partitions are this sink's (it may be none)."""
    waiting_for: str = ""
    """What keeps this sink from reading, empty while all is well."""
    lag: int = 0
    """Messages of the assigned partitions that are not written yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionParts:
    """What outlives a session and is handed to the next."""

    settings: SinkSettings
    topic: str
    """Name of the topic on the broker."""
    group: str
    clients: KafkaClients
    store: Store
    delivery: Delivery
    identity: TopicIdentity
    shutdown: Shutdown
    stop: threading.Event
    """Set when even retries must end."""
    progress: Progress
    state: SessionState


class Session:
    """From joining the group until the process stops or the topic is made anew.

    The main thread reads and buffers; one thread beside it delivers, so that a slow ClickHouse never costs the
    membership. While the broker's topic is in doubt nothing is read.
    """

    def __init__(self, parts: SessionParts, survey: Survey) -> None:
        settings = parts.settings
        self._parts = parts
        self._survey = survey
        self._topic = parts.topic
        self._limits = BlockLimits(
            rows=settings.sink_block_rows, size=settings.sink_block_bytes, age=settings.sink_block_age_seconds
        )
        self._buffers: dict[int, PartitionBuffer] = {}
        self._written: dict[int, int] = {}
        self._pending: set[int] = set()
        self._place_at = 0.0
        self._unclaimed: list[Block] = []
        self._claim_at = 0.0
        self._throttled = False
        self._dispatch = Dispatch(parts.delivery, parts.stop)
        self._consumer: Consumer = parts.clients.consumer(parts.group, self._on_error)
        self._claims = Claims(commit_with(self._consumer), parts.identity.current)

    def run(self) -> None:
        """Work until the process is told to stop, or the topic is another; what was read by then is written.

        Raises:
            ConfigurationError: a person must act.

        """
        self._consumer.subscribe(
            [self._topic], on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_revoke
        )
        try:
            while not self._parts.shutdown.requested:
                self._step()
            self._drain()
        except TopicRecreatedError:
            log.warning("topic_recreated", topic=self._topic)
            self._drain()
        finally:
            self._dispatch.close()
            self._consumer.close()
            self._parts.state.joined = False

    def _step(self) -> None:
        self._look()
        if self._survey.in_doubt:
            self._parts.shutdown.wait(_PAUSE_SECONDS)
        else:
            self._take(self._consumer.consume(_FETCH_MESSAGES, _FETCH_SECONDS))
            self._place()
        self._ship()
        self._throttle()
        self._note_progress()

    def _take(self, messages: Sequence[Message]) -> None:
        received: dict[int, list[Message]] = {}
        notices = []
        for message in messages:
            if message.error() is None:
                received.setdefault(message.partition() or 0, []).append(message)
            else:
                notices.append(message)
        for partition, found in received.items():
            if partition in self._buffers:
                self._buffers[partition].extend(found)
        for notice in notices:
            self._on_notice(notice)

    def _on_notice(self, message: Message) -> None:
        error, partition = message.error(), message.partition()
        if error is None:
            return
        if error.code() != END_OF_PARTITION:
            self._on_message_error(message, error)
        elif partition in self._buffers:
            self._buffers[partition].reached_end()

    def _on_message_error(self, message: Message, error: KafkaError) -> None:
        refuse_configuration_fault(error)
        log.warning("fetch_error", partition=message.partition(), reason=error.str())
        self._survey.in_doubt = True
        partition = message.partition()
        if partition in self._buffers:
            self._replace([partition])

    def _on_error(self, error: KafkaError) -> None:
        refuse_configuration_fault(error)
        if not self._survey.in_doubt:
            log.warning("broker_error", reason=error.str())
        self._survey.in_doubt = True

    def _look(self) -> None:
        if not self._survey.is_due:
            return
        try:
            self._survey.verify()
            self._measure_lag(self._survey.ends(self._written))
            self._parts.state.waiting_for = ""
        except TransientError as error:
            self._parts.state.waiting_for = str(error)

    def _measure_lag(self, ends: dict[int, int]) -> None:
        total = 0
        for partition, end in ends.items():
            lag = max(end, self._fetched_end(partition)) - self._written[partition]
            metrics.LAG.labels(self._topic, partition).set(max(lag, 0))
            total += max(lag, 0)
        self._parts.state.lag = total

    def _fetched_end(self, partition: int) -> int:
        """Return the end that the last fetch told; the embedded broker's own answer may lie a batch before it."""
        limits = self._consumer.get_watermark_offsets(TopicPartition(self._topic, partition), cached=True)
        return limits[1] if limits is not None else 0

    def _on_assign(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Take partitions in, but read none before its start is known."""
        places = [TopicPartition(place.topic, place.partition, OFFSET_BEGINNING) for place in partitions]
        consumer.incremental_assign(places)
        consumer.pause(places)
        self._pending.update(place.partition for place in places)
        self._place_at = 0.0
        self._parts.state.joined = True
        log.info("assigned", partitions=sorted(place.partition for place in places))

    def _on_revoke(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Forget what was read of partitions that go; their next owner reads it again."""
        gone = {place.partition for place in partitions}
        self._forget(gone)
        self._pending -= gone
        self._dispatch.cancel(gone)
        log.info("revoked", partitions=sorted(gone))

    def _forget(self, partitions: Collection[int]) -> None:
        self._unclaimed = [block for block in self._unclaimed if block.place.partition not in partitions]
        for partition in partitions:
            self._buffers.pop(partition, None)
            if self._written.pop(partition, None) is not None:
                metrics.LAG.remove(self._topic, partition)

    def _replace(self, partitions: Sequence[int]) -> None:
        self._forget(partitions)
        self._consumer.pause(self._places(partitions))
        self._pending.update(partitions)

    def _place(self) -> None:
        """Find where the new partitions begin, and read them from there on."""
        if not self._pending or time.monotonic() < self._place_at:
            return
        if self._dispatch.partitions & self._pending:
            return
        partitions = sorted(self._pending)
        try:
            kept = self._parts.store.next_offsets(self._survey.topic_id)
            starts = find_starts(self._consumer, self._topic, partitions, kept)
            for start in starts:
                self._consumer.seek(TopicPartition(self._topic, start.partition, start.offset))
        except (TransientError, KafkaException) as error:
            log.warning("retrying", step="place", reason=str(error))
            self._parts.state.waiting_for = str(error)
            self._place_at = time.monotonic() + _PAUSE_SECONDS
            return
        for start in starts:
            self._written[start.partition] = start.offset
            place = Place(self._survey.topic_id, self._topic, start.partition)
            self._buffers[start.partition] = PartitionBuffer(
                place, self._limits, start=start.offset, claimed=start.claimed
            )
        self._pending.difference_update(partitions)
        self._parts.state.waiting_for = ""
        if not self._throttled:
            self._consumer.resume(self._places(partitions))
        log.info("reading", starts={start.partition: start.offset for start in starts})

    def _ship(self, *, drain: bool = False) -> None:
        """Claim and send what is due, as soon as the delivery is free."""
        if not self._reap() or time.monotonic() < self._claim_at:
            return
        blocks = self._unclaimed or [
            block for buffer in self._buffers.values() if (block := buffer.cut(drain=drain)) is not None
        ]
        self._unclaimed = blocks
        if blocks and self._claim(blocks):
            self._unclaimed = []
            self._dispatch.send(blocks)

    def _claim(self, blocks: list[Block]) -> bool:
        try:
            self._claims.make(blocks)
        except TransientError as error:
            log.warning("retrying", step="claim", reason=str(error))
            metrics.RETRIES.labels("claim").inc()
            self._parts.state.waiting_for = str(error)
            self._claim_at = time.monotonic() + _PAUSE_SECONDS
            return False
        return True

    def _reap(self) -> bool:
        """Note what the delivery has finished; return whether it is free."""
        for block in self._dispatch.collect():
            if block.place.partition in self._written and not block.cancelled.is_set():
                self._written[block.place.partition] = block.next_offset
            self._parts.progress.advance()
        return self._dispatch.is_free

    def _drain(self) -> None:
        """Write what is buffered, within the time that is given for it."""
        deadline = time.monotonic() + self._parts.settings.sink_drain_seconds
        self._ship(drain=True)
        while (self._unclaimed or not self._dispatch.is_free) and time.monotonic() < deadline:
            self._dispatch.wait(_PAUSE_SECONDS)
            self._ship(drain=True)

    def _throttle(self) -> None:
        """Stop fetching while too much waits for ClickHouse."""
        held = sum(buffer.size for buffer in self._buffers.values())
        metrics.BUFFERED.labels(self._topic).set(held)
        if not self._throttled and held > self._parts.settings.sink_buffer_bytes:
            self._throttled = True
            self._consumer.pause(self._places(self._buffers))
        elif self._throttled and held <= self._parts.settings.sink_buffer_bytes // 2:
            self._throttled = False
            self._consumer.resume(self._places(self._buffers))

    def _note_progress(self) -> None:
        nothing_waits = (
            self._dispatch.is_free and not self._pending and not self._unclaimed and self._parts.state.lag == 0
        )
        if nothing_waits or self._parts.state.waiting_for or self._parts.delivery.waiting_for:
            self._parts.progress.idle()

    def _places(self, partitions: Iterable[int]) -> list[TopicPartition]:
        return [TopicPartition(self._topic, partition) for partition in partitions]
