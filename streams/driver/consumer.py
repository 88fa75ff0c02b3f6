"""Faust's aiokafka consumer, batch-wise.

Written against faust-streaming 0.15.3: `Consumer.getmany`, `ack`, `_new_offset`, `_add_gap`, `_commit_offsets`,
`_filter_tps_with_pending_acks`, `perform_seek` and `on_partitions_revoked` are the seams it replaces.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, cast

from faust.transport.drivers.aiokafka import Consumer
from faust.types import TP, ConsumerMessage, Message

from streams import metrics
from streams.driver.batch import Partition, RecordBatch
from streams.driver.drain import Fetched
from streams.driver.ledger import OffsetLedger
from streams.driver.thread import MicroBatchConsumerThread

UNASSIGNED_SECONDS = 0.2
"""How long to wait where no partition may be read."""


class MicroBatchConsumer(Consumer):
    """Yields one message for each partition and fetch; its value is a RecordBatch.

    A message counts as acknowledged only if its batch is complete: Faust also acknowledges what it skips in a
    rebalance, and would then commit past events that nobody processed. What is committed is what batches say is safe,
    acknowledged or not.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._ledger = OffsetLedger()
        self._held: set[Partition] = set()
        self.before_revocation: Callable[[], Awaitable[None]] | None = None
        """Awaited when batches were withdrawn; returns when nothing more of them becomes safe."""
        super().__init__(*args, **kwargs)

    def _new_consumer_thread(self) -> MicroBatchConsumerThread:
        return MicroBatchConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(
        self,
        timeout: float,  # noqa: ASYNC109 - the signature is Faust's
    ) -> AsyncIterator[tuple[TP, Message]]:
        """Fetch, and yield a message for each partition that has records."""
        if not self.flow_active:
            await self.wait(self.can_resume_flow)  # type: ignore[arg-type] # mode takes asyncio's events too
        active = frozenset(Partition(*tp) for tp in self._get_active_partitions())
        if not active:
            await self.sleep(UNASSIGNED_SECONDS)
            return
        generation = self.app.consumer_generation_id
        taken = await self._own_thread.take(active, timeout=timeout)
        for position, each in enumerate(taken.fetched):
            if not self.flow_active or self.should_stop or self.app.consumer_generation_id != generation:
                await self._unread(taken.fetched[position:], taken.generation)
                return
            if each.expired_from is not None:
                self._restart(each)
            if each.records:
                tp = TP(*each.source)
                self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
                yield tp, self._message(each)
            else:
                self._ledger.skip(each.source, each.next_offset)

    async def _unread(self, fetched: Sequence[Fetched], generation: int) -> None:
        """Take back what was taken while the flow was stopped or the group met: it is fetched again.

        `generation` is that in which it was taken. A take that begins before a meeting may end after it, with records
        of partitions that stay: nobody would read them again.
        """
        offsets = {each.source: each.records[0].offset for each in fetched if each.records}
        if offsets and not self.should_stop:
            await self._own_thread.rewind(offsets, generation=generation)

    def _restart(self, fetched: Fetched) -> None:
        """Begin anew with a partition whose offset the broker no longer has; say what that cost."""
        expired = max(0, fetched.next_offset - (fetched.expired_from or 0))
        metrics.EVENTS_EXPIRED.inc(expired)
        self.log.error(
            "%s: the broker has no offset %s any more; reading goes on at its oldest, %s (%s events were never "
            "analysed): keep events longer than workers may be behind",
            fetched.source,
            fetched.expired_from,
            fetched.next_offset,
            expired,
        )
        tp = TP(*fetched.source)
        self._ledger.forget([fetched.source])
        self._read_offset[tp] = None
        self._committed_offset[tp] = None

    async def hold(self, partition: Partition) -> None:
        """Read a partition no further; a rebalance sets it going again."""
        self._held.add(partition)
        await self._own_thread.steer(partition, self._held)

    async def release(self, partition: Partition) -> None:
        """Read a partition again."""
        self._held.discard(partition)
        await self._own_thread.steer(partition, self._held)

    async def drain(self) -> None:
        """Read no more, and commit what becomes safe of what is under way."""
        await self._give_up(self.assignment())

    def pending_batches(self, partition: Partition) -> int:
        """Return how many batches of a partition were handed to the stream and are not complete."""
        return self._ledger.pending(partition)

    def committed_offset(self, tp: TP) -> int | None:
        """Return what the group has committed of an assigned partition, None where that is nothing or not yet known."""
        return self._committed_offset.get(tp)

    def failure(self) -> str | None:
        """Return why nothing will be fetched any more, None while that is not known."""
        return self._own_thread.failure()

    def ack(self, message: Message) -> bool:
        """Count an acknowledgement if the message's batch is complete."""
        batch = cast("Any", message.value)
        if not isinstance(batch, RecordBatch) or not batch.completed:
            return False
        self._unacked_messages.discard(message)
        self._n_acked += 1
        return True

    async def perform_seek(self) -> None:
        """Go back to the committed offsets; what was delivered after them will be read again.

        So it is where nothing is committed yet, from the first offset that is not safe: Faust would go on behind it.
        """
        assigned = [Partition(*tp) for tp in self.assignment()]
        unsafe = self._ledger.unsafe(assigned)
        self._ledger.forget(assigned)
        await super().perform_seek()
        begun = {source: offset for source, offset in unsafe.items() if self._committed_offset.get(TP(*source)) is None}
        if begun:
            await self._own_thread.rewind(begun, generation=self.app.consumer_generation_id)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish and commit what is in flight, then give the partitions up."""
        await self._give_up(revoked)
        await super().on_partitions_revoked(revoked)
        self._ledger.forget(Partition(*tp) for tp in revoked)

    async def _give_up(self, partitions: Collection[TP]) -> None:
        self.stop_flow()
        self._ledger.withdraw(Partition(*tp) for tp in partitions)
        if self.before_revocation is not None:
            await self.before_revocation()
        await self.maybe_wait_for_commit_to_finish()  # a commit under way does not know of what became safe since
        await self.commit()

    def _message(self, fetched: Fetched) -> ConsumerMessage:
        batch = RecordBatch(fetched.source, fetched.records)
        batch.next_offset = fetched.next_offset
        self._ledger.deliver(batch)
        return ConsumerMessage(
            batch.source.topic,
            batch.source.partition,
            batch.last_offset,
            batch.records[-1].timestamp / 1000,
            0,
            None,
            None,
            cast("Any", batch),
            None,
            0,
            batch.size,
            TP(*batch.source),
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

    async def _commit_offsets(self, offsets: Mapping[TP, int], start_new_transaction: bool = True) -> bool:  # noqa: FBT001, FBT002, ARG002 - the signature is Faust's
        """Commit offsets; only what the broker accepted counts as committed."""
        assigned = self.assignment()
        ours = {tp: offset for tp, offset in offsets.items() if tp in assigned}
        if not ours or not await self._commit(ours):
            return False
        self._committed_offset.update(ours)
        self.app.monitor.on_tp_commit(ours)
        return True

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Do nothing: a batch's offsets include the gap before them."""

    @property
    def _own_thread(self) -> MicroBatchConsumerThread:
        return cast("MicroBatchConsumerThread", self._thread)
