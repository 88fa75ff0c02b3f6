"""The process's one reader of `commands.analyzed`: a thread that hands batches to the hub."""

import asyncio
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from api import metrics
from api.kafka import kafka_config
from api.live.batch import Batch, RawMessage
from api.live.consumption import consumer_config, raw
from api.live.handover import Handover
from api.live.hub import Hub
from api.live.position import Position
from api.live.topology import Topology, describe
from api.settings import ApiSettings
from runtime.errors import TransientError
from runtime.health import Probe, Progress
from runtime.log import get_logger
from schemas.registry import Registry

log = get_logger(__name__)

_FETCH_MESSAGES = 200
_FETCH_SECONDS = 0.25
_ANSWER_SECONDS = 5.0
_LOOK_SECONDS = 2.0
_BACKOFF_SECONDS = (0.25, 5.0)
_PATIENCE_SECONDS = 60.0


class _OffsetsGoneError(Exception):
    """The topic no longer holds the offsets that come next."""


class Reader:
    """Follows all partitions from their ends, without a group, for as long as the process runs.

    Goes on where it was after the broker was away. A topic that was made again, or lost the next offsets, is read
    from its beginning: all it holds is new. Made on the event loop that the hub lives on.
    """

    def __init__(self, settings: ApiSettings, *, topic: str, registry: Registry, hub: Hub) -> None:
        self._settings = settings
        self._topic = topic
        self._registry = registry
        self._hub = hub
        self._progress = Progress(patience=_PATIENCE_SECONDS)
        self._stopping = threading.Event()
        self._broken = threading.Event()
        self._position: Position | None = None
        self._trouble = "not attached yet"
        self._handover = Handover(asyncio.get_running_loop(), self._stopping, on_waiting=self._progress.advance)
        self._thread = threading.Thread(target=self._run, name="live-reader", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    async def stop(self) -> None:
        """End the thread; the loop goes on meanwhile."""
        self._stopping.set()
        await asyncio.to_thread(self._thread.join)

    def attached(self) -> Probe:
        """Tell whether the reader follows the topic."""
        return Probe(healthy=not self._trouble, detail=self._trouble or "attached")

    def progress(self) -> Probe:
        """Tell whether the thread moves."""
        return self._progress.probe()

    def _run(self) -> None:
        least, most = _BACKOFF_SECONDS
        pause = least
        while not self._stopping.is_set():
            self._progress.advance()
            try:
                self._follow()
                pause = least
            except _OffsetsGoneError:
                log.warning("live_offsets_gone", topic=self._topic)
                self._position = Position("", {})
            except (TransientError, KafkaException) as error:
                self._detach(str(error))
                self._stopping.wait(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
                pause = min(pause * 2, most)

    def _follow(self) -> None:
        """Read until the process stops or the topic is another one.

        So does the loss of all brokers: what answers next may know nothing of the topic, and librdkafka 2.16 crashes
        on the embedded broker's answer to a fetch from a topic it does not have.
        """
        self._broken.clear()
        with self._clients() as (admin, consumer):
            topology = self._describe(admin)
            position = self._begin(consumer, topology)
            consumer.assign([TopicPartition(self._topic, *place) for place in position.offsets.items()])
            self._attach(position)
            look = time.monotonic() + _LOOK_SECONDS
            while not self._stopping.is_set():
                self._hand_over(self._fetch(consumer))
                self._progress.advance()
                if self._broken.is_set():
                    raise TransientError(f"topic {self._topic}: no broker answers")
                if time.monotonic() > look:
                    if self._describe(admin) != topology:
                        return
                    look = time.monotonic() + _LOOK_SECONDS

    @contextmanager
    def _clients(self) -> Iterator[tuple[AdminClient, Consumer]]:
        client_id = "netcopilot-api-live"
        consumer = Consumer({**consumer_config(self._settings, client_id=client_id), "error_cb": self._on_error})
        try:
            yield AdminClient(kafka_config(self._settings, client_id=client_id)), consumer
        finally:
            consumer.close()

    def _on_error(self, error: KafkaError) -> None:
        if error.code() == KafkaError._ALL_BROKERS_DOWN:  # noqa: SLF001 - the public name of the code
            self._broken.set()

    def _describe(self, admin: AdminClient) -> Topology:
        return describe(admin, self._topic, timeout=_ANSWER_SECONDS, stopping=self._stopping)

    def _begin(self, consumer: Consumer, topology: Topology) -> Position:
        known = self._position
        offsets = {}
        for partition in topology.partitions:
            if known is not None and known.incarnation == topology.incarnation and partition in known.offsets:
                offsets[partition] = known.offsets[partition]
                continue
            place = TopicPartition(self._topic, partition)
            low, high = consumer.get_watermark_offsets(place, timeout=_ANSWER_SECONDS)
            offsets[partition] = high if known is None else low
        return Position(topology.incarnation, offsets)

    def _fetch(self, consumer: Consumer) -> list[RawMessage]:
        first = consumer.poll(_FETCH_SECONDS)
        if first is None:
            return []
        messages = []
        for message in [first, *consumer.consume(_FETCH_MESSAGES - 1, 0)]:
            error = message.error()
            if error is None:
                messages.append(raw(message))
            elif error.code() == KafkaError._AUTO_OFFSET_RESET:  # noqa: SLF001 - the public name of the code
                raise _OffsetsGoneError
            else:
                raise TransientError(f"topic {self._topic}: {error.str()}")
        return messages

    def _hand_over(self, messages: list[RawMessage]) -> None:
        if not messages or self._position is None:
            return
        batch = Batch(messages, begin=self._position, registry=self._registry, tenant=self._settings.tenant_id)
        if self._hub.listening:
            batch.events()
        self._handover.run_and_rest(lambda: self._publish(batch))
        self._position = batch.end

    def _publish(self, batch: Batch) -> None:
        self._hub.publish(batch)
        if batch.oldest_news is not None:
            metrics.LIVE_DELAY.observe(max(0.0, time.time() - batch.oldest_news / 1000))

    def _attach(self, position: Position) -> None:
        self._position = position
        self._trouble = ""
        self._handover.run(lambda: self._hub.attach(position))
        log.info("live_attached", topic=self._topic, partitions=len(position.offsets))

    def _detach(self, trouble: str) -> None:
        if not self._trouble:
            log.warning("live_detached", topic=self._topic, error=trouble)
        self._trouble = trouble
        self._handover.run(self._hub.detach)
