"""Faust's aiokafka consumer, batch-wise.

Written against faust-streaming 0.15.3: `Consumer.getmany`, `_to_message`, `ack`, `_new_offset`, `_add_gap`,
`_filter_tps_with_pending_acks` and `perform_seek` are the seams it replaces.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from typing import Any, cast

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport
from faust.types import TP, ConsumerMessage, Message

from streams.driver.batch import Partition, Record, RecordBatch
from streams.driver.ledger import OffsetLedger

DEFAULT_FETCH_WAIT_MS = 100


class MicroBatchConsumerThread(AIOKafkaConsumerThread):
    """Faust's consumer thread with the fetch wait of the transport's choice (Faust fixes it at 1.5 s)."""

    def _create_worker_consumer(self, transport: Transport) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = getattr(transport, "fetch_wait_ms", DEFAULT_FETCH_WAIT_MS)  # noqa: SLF001
        return consumer

    async def steer(self, partition: Partition, held: Collection[Partition]) -> None:
        """Fetch a partition, or fetch it no further, as `held` says when the consumer's thread comes to it."""
        await self.cast_thread(self._steer, partition, held)

    async def _steer(self, partition: Partition, held: Collection[Partition]) -> None:
        consumer, wanted = self._ensure_consumer(), TopicPartition(*partition)
        if wanted not in consumer.assignment():
            return
        if partition in held:
            consumer.pause(wanted)
        else:
            consumer.resume(wanted)


class MicroBatchConsumer(Consumer):
    """Yields one message for each partition and fetch; its value is a RecordBatch.

    A message counts as acknowledged only if its batch is `completed`: Faust also acknowledges what it skips in a
    rebalance, and would then commit past events that nobody processed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._ledger = OffsetLedger()
        self._held: set[Partition] = set()
        self.before_revocation: Callable[[], Awaitable[None]] | None = None
        """Awaited before partitions are given up; finishes what is in flight, so that its offsets are committed."""
        super().__init__(*args, **kwargs)

    def _new_consumer_thread(self) -> MicroBatchConsumerThread:
        return MicroBatchConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(
        self,
        timeout: float,  # noqa: ASYNC109 - the signature is Faust's
    ) -> AsyncIterator[tuple[TP, Message]]:
        """Fetch, and yield a message for each partition that has records."""
        fetched, active = await self._wait_next_records(timeout)
        generation = self.app.consumer_generation_id
        if fetched is None or self.should_stop:
            return
        if not self.flow_active:
            await self._unread()
            return
        for tp, records in fetched.items():
            if not self.flow_active or self.app.consumer_generation_id != generation:
                return
            if records and (active is None or tp in active or tp in self._buffered_partitions):
                self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
                yield tp, self._to_message(tp, records)

    async def _unread(self) -> None:
        """Take back what was fetched while a rebalance stopped the flow; a lost partition needs none of it."""
        try:
            await self.perform_seek()
        except (IllegalStateError, KafkaError) as error:
            self.log.info("nothing to take back: %s", type(error).__name__)

    async def hold(self, partition: Partition) -> None:
        """Read a partition no further; a rebalance sets it going again."""
        self._held.add(partition)
        await self._steer(partition)

    async def release(self, partition: Partition) -> None:
        """Read a partition again."""
        self._held.discard(partition)
        await self._steer(partition)

    async def _steer(self, partition: Partition) -> None:
        await cast("MicroBatchConsumerThread", self._thread).steer(partition, self._held)

    @property
    def pending_batches(self) -> int:
        """Batches that were handed to the stream and are not complete."""
        return self._ledger.pending()

    def ack(self, message: Message) -> bool:
        """Count an acknowledgement if the message's batch is complete."""
        batch = cast("Any", message.value)
        if not isinstance(batch, RecordBatch) or not batch.completed:
            return False
        self._unacked_messages.discard(message)
        self._ledger.settle(batch.source)
        self._n_acked += 1
        return True

    async def perform_seek(self) -> None:
        """Go back to the committed offsets; what was delivered after them will be read again."""
        self._ledger.forget(Partition(*tp) for tp in self.assignment())
        await super().perform_seek()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish and commit what is in flight, then give the partitions up."""
        if self.before_revocation is not None:
            self.stop_flow()
            await self.before_revocation()
            await self.commit()
        await super().on_partitions_revoked(revoked)
        self._ledger.forget(Partition(*tp) for tp in revoked)

    def _to_message(self, tp: TP, record: Sequence[Record]) -> ConsumerMessage:
        batch = RecordBatch(Partition(*tp), record)
        self._ledger.deliver(batch)
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            batch.last_offset,
            record[-1].timestamp / 1000,
            0,
            None,
            None,
            cast("Any", batch),
            None,
            0,
            batch.size,
            tp,
            generation_id=self.app.consumer_generation_id,
        )

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (
            TP(*partition)
            for partition in self._ledger.partitions()
            if topics is None or partition in topics or partition.topic in topics
        )

    def _new_offset(self, tp: TP) -> int | None:
        return self._ledger.committable(Partition(*tp))

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Do nothing: a batch's offsets include the gap before them."""
