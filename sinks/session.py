"""One membership in the consumer group: reads, buffers and hands blocks to the delivery."""

import threading
import time
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from runtime.errors import TransientError
from runtime.health import Progress
from runtime.kafka_fault import END_OF_PARTITION
from runtime.lifecycle import Shutdown
from runtime.log import get_logger
from runtime.topic_identity import TopicIdentity
from sinks import metrics
from sinks.assignment import Assignment
from sinks.brake import Brake
from sinks.buffer import BlockLimits
from sinks.claims import Claims, commit_with
from sinks.delivery import Delivery
from sinks.dispatch import Dispatch
from sinks.kafka import KafkaClients, refuse_configuration_fault
from sinks.lag import Lag
from sinks.outbox import Outbox
from sinks.placement import find_starts
from sinks.settings import SinkSettings
from sinks.store import Store
from sinks.survey import Survey, TopicRecreatedError
from sinks.turns import Turns

_FETCH_MESSAGES = 5_000
_FETCH_SECONDS = 0.1
_PAUSE_SECONDS = 0.2
_TURN_SECONDS = 5.0
_FAREWELL_SECONDS = 5.0
"""A revocation waits so long for what is on its way ..."""
_FAREWELL_SHARE = 0.5
"""... and no longer than this part of the session's timeout."""

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
        self._consumer: Consumer = parts.clients.consumer(parts.group, self._on_error)
        limits = BlockLimits(
            rows=settings.sink_block_rows, size=settings.sink_block_bytes, age=settings.sink_block_age_seconds
        )
        inserts = settings.sink_parallel_inserts
        turns = Turns(places=inserts, messages=inserts * settings.sink_block_rows, seconds=_TURN_SECONDS)
        self._assignment = Assignment(self._consumer, self._topic, limits, turns)
        claims = Claims(commit_with(self._consumer), parts.identity.current)
        self._outbox = Outbox(claims, Dispatch(parts.delivery, parts.stop))
        self._lag = Lag(self._consumer, self._topic)
        self._brake = Brake(settings.sink_buffer_bytes)
        self._farewell = min(_FAREWELL_SECONDS, settings.sink_session_timeout_seconds * _FAREWELL_SHARE)
        self._place_at = 0.0

    def run(self) -> None:
        """Work until the process is told to stop, or the topic is another; what was read by then is written.

        Raises:
            ConfigurationError: a person must act.

        """
        self._consumer.subscribe(
            [self._topic], on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_lost
        )
        try:
            while not self._parts.shutdown.requested:
                self._step()
            self._drain()
        except TopicRecreatedError:
            log.warning("topic_recreated", topic=self._topic)
            self._assignment.topic_ended()
            self._drain()
        finally:
            self._outbox.close()
            self._consumer.close()
            self._parts.state.joined = False

    def _step(self) -> None:
        self._look()
        if self._survey.in_doubt:
            self._parts.shutdown.wait(_PAUSE_SECONDS)
        elif self._brake.on and not self._brake.lasts:
            self._outbox.wait(_FETCH_SECONDS)
        else:
            self._fetch()
            self._place()
        self._ship(drain=self._brake.on)
        self._throttle()
        self._note_progress()

    def _look(self) -> None:
        if not self._survey.is_due:
            return
        try:
            self._survey.verify()
            written = self._assignment.written
            ends = self._survey.ends(written)
            self._parts.state.lag = self._lag.measure(ends, written)
            self._assignment.note_ends(ends)
            self._parts.state.waiting_for = ""
        except TransientError as error:
            self._parts.state.waiting_for = str(error)

    def _fetch(self) -> None:
        messages = self._consumer.consume(_FETCH_MESSAGES, _FETCH_SECONDS)
        self._assignment.take(message for message in messages if message.error() is None)
        for message in messages:
            if (error := message.error()) is not None:
                self._on_notice(error, message.partition() or 0)

    def _on_notice(self, error: KafkaError, partition: int) -> None:
        if error.code() == END_OF_PARTITION:
            self._assignment.reached_end(partition)
            return
        refuse_configuration_fault(error)
        log.warning("fetch_error", partition=partition, reason=error.str())
        self._survey.in_doubt = True
        self._assignment.start_over(partition)
        self._outbox.recall({partition})

    def _on_error(self, error: KafkaError) -> None:
        refuse_configuration_fault(error)
        if not self._survey.in_doubt:
            log.warning("broker_error", reason=error.str())
        self._survey.in_doubt = True

    def _on_assign(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self._assignment.add(place.partition for place in partitions)
        self._place_at = 0.0
        self._parts.state.joined = True
        log.info("assigned", partitions=sorted(place.partition for place in partitions))

    def _on_revoke(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Let go of partitions once what is on its way of them is written, so that the next owner finds it so."""
        gone = {place.partition for place in partitions}
        if under_way := self._outbox.partitions & gone:
            log.info("revocation_waits", partitions=sorted(under_way), longest_seconds=self._farewell)
            self._outbox.wait(self._farewell)
        self._let_go(gone)

    def _on_lost(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self._let_go({place.partition for place in partitions})

    def _let_go(self, gone: AbstractSet[int]) -> None:
        self._assignment.remove(gone)
        self._outbox.drop(gone)
        log.info("revoked", partitions=sorted(gone))

    def _place(self) -> None:
        """Find where the new partitions begin, and read them from there on."""
        pending = self._assignment.pending
        if not pending or time.monotonic() < self._place_at or self._outbox.partitions & pending:
            return
        topic_id = self._survey.topic_id
        try:
            starts = find_starts(self._consumer, self._topic, sorted(pending), self._parts.store.next_offsets(topic_id))
            self._assignment.place(topic_id, starts)
        except (TransientError, KafkaException) as error:
            log.warning("retrying", step="place", reason=str(error))
            self._parts.state.waiting_for = str(error)
            self._place_at = time.monotonic() + _PAUSE_SECONDS
            return
        self._parts.state.waiting_for = ""
        log.info("reading", starts={start.partition: start.offset for start in starts})

    def _ship(self, *, drain: bool = False) -> None:
        """Note what is written, and send what is due."""
        for block in self._outbox.collect():
            self._assignment.wrote(block)
            self._parts.progress.advance()
        self._outbox.send(lambda: self._assignment.cut(drain=drain))
        self._parts.state.waiting_for = self._outbox.waiting_for or self._parts.state.waiting_for

    def _drain(self) -> None:
        """Write what is buffered, within the time that is given for it."""
        deadline = time.monotonic() + self._parts.settings.sink_drain_seconds
        self._ship(drain=True)
        while not self._outbox.is_empty and time.monotonic() < deadline:
            self._outbox.wait(_PAUSE_SECONDS)
            self._ship(drain=True)

    def _throttle(self) -> None:
        """Fetch no more than memory holds, of the partitions whose turn it is."""
        metrics.BUFFERED.labels(self._topic).set(self._assignment.size)
        held = self._assignment.weight + self._outbox.weight
        self._brake.note(held, moves=not self._outbox.is_empty)
        self._assignment.steer(paused=self._brake.lasts)

    def _note_progress(self) -> None:
        state = self._parts.state
        nothing_waits = self._outbox.is_empty and not self._assignment.pending and state.lag == 0
        if nothing_waits or state.waiting_for or self._parts.delivery.waiting_for:
            self._parts.progress.idle()
