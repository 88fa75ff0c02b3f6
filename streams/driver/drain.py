"""Taking what aiokafka's fetcher holds, in bounded portions.

Written against aiokafka 0.14.0: `Fetcher.fetched_records` and `FetchResult.getall` are what it replaces. Theirs are
bounded by records only, so that one compressed megabyte may become hundreds at once; and they keep to themselves where
a partition's reading goes on behind records that no reader sees.
"""

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import Fetcher, FetchResult, OffsetResetStrategy
from aiokafka.errors import NoOffsetForPartitionError, OffsetOutOfRangeError

from streams.driver.batch import Partition, Record


@dataclass(frozen=True, slots=True)
class Portions:
    """Bounds of what is taken at a time; a single record may exceed them."""

    partition_bytes: int = 1 << 20
    """Bytes of a partition's records."""
    partition_records: int = 10_000
    """A partition's records."""
    total_bytes: int = 8 << 20
    """Bytes of all partitions' records."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was taken of a partition: perhaps no record, but always how far it was read."""

    source: Partition
    records: Sequence[Record]
    next_offset: int
    expired_from: int | None = None
    """Where reading should have gone on, if the broker no longer has that offset; `next_offset` is its oldest then."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken at once, and in which generation of the group."""

    generation: int
    fetched: Sequence[Fetched]


class Drain:
    """Takes records from a fetcher whose offset reset is `none`, in the thread of its event loop.

    A partition without committed offset is read from its beginning. So is one whose offset the broker does not have
    (retention deleted it, or the topic is another one): that is told in `Fetched.expired_from`.
    """

    def __init__(self, fetcher: Fetcher, portions: Portions) -> None:
        self._fetcher: Any = fetcher
        self._portions = portions
        self._expired: dict[TopicPartition, int] = {}

    def wake(self) -> None:
        """End the waiting of `take`: what it passed over may be taken now."""
        for waiter in tuple(self._fetcher._fetch_waiters):  # noqa: SLF001
            self._fetcher._notify(waiter)  # noqa: SLF001

    async def take(self, partitions: Collection[Partition], *, timeout: float) -> list[Fetched]:  # noqa: ASYNC109
        """Return what there is of these partitions, waiting for it at most `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            if self._fetcher._subscriptions.reassignment_in_progress:  # noqa: SLF001
                await _wait(self._fetcher._subscriptions.wait_for_assignment(), deadline)  # noqa: SLF001
                return []
            taken = [*self._restarted(), *self._ready(partitions)]
            if taken or time.monotonic() >= deadline or self._fetcher._closed:  # noqa: SLF001
                return taken
            await _wait(self._fetcher._create_fetch_waiter(), deadline)  # noqa: SLF001

    def _restarted(self) -> list[Fetched]:
        """Return the partitions whose position was lost and is found again."""
        assignment = self._assignment()
        restarted = []
        for tp, offset in tuple(self._expired.items()):
            if assignment is None or tp not in assignment.tps:
                del self._expired[tp]
            elif assignment.state_value(tp).has_valid_position:
                del self._expired[tp]
                restarted.append(Fetched(Partition(*tp), (), assignment.state_value(tp).position, offset))
        return restarted

    def _ready(self, partitions: Collection[Partition]) -> list[Fetched]:
        buffered = self._fetcher._records  # noqa: SLF001
        ready, room = [], self._portions.total_bytes
        for tp in [tp for tp in buffered if tp in partitions]:
            if room <= 0:
                break
            result = buffered[tp]
            if self._is_paused(tp):
                continue
            if not isinstance(result, FetchResult):
                self._free(tp)
                self._recover(result)
                continue
            fetched, size = self._portion(tp, result, min(room, self._portions.partition_bytes))
            room -= size
            if result.has_more():
                buffered.move_to_end(tp)
            else:
                self._free(tp)
            if fetched is not None:
                ready.append(fetched)
        return ready

    def _portion(self, tp: TopicPartition, result: Any, max_bytes: int) -> tuple[Fetched | None, int]:
        """Take a portion of what was fetched of a partition; None where it is no longer wanted."""
        unread = result._partition_records  # noqa: SLF001
        if not result.check_assignment(tp) or not result.has_more():
            _release(unread)
            return None, 0
        records: list[Record] = []
        size, most = 0, self._portions.partition_records
        for record in result._partition_records:  # noqa: SLF001
            records.append(record)
            size += record.serialized_value_size
            if size >= max_bytes or len(records) >= most:
                result._update_position()  # noqa: SLF001
                break
        else:
            result._update_position()  # noqa: SLF001
            result._partition_records = None  # noqa: SLF001
        position = result._assignment.state_value(tp).position  # noqa: SLF001
        return Fetched(Partition(*tp), records, position), size

    def _is_paused(self, tp: TopicPartition) -> bool:
        """Tell whether a partition is held; what was fetched of it waits, where aiokafka would drop it."""
        assignment = self._assignment()
        return assignment is not None and tp in assignment.tps and assignment.state_value(tp).paused

    def _free(self, tp: TopicPartition) -> None:
        """Let the fetcher fetch a partition again."""
        del self._fetcher._records[tp]  # noqa: SLF001
        self._fetcher._notify(self._fetcher._wait_consume_future)  # noqa: SLF001

    def _recover(self, failed: Any) -> None:
        """Read partitions without a valid offset from their beginning; raise whatever else failed."""
        try:
            failed.check_raise()
        except OffsetOutOfRangeError as error:
            for tp, offset in error.args[0].items():
                self._expired[tp] = offset
                self._restart(tp)
        except NoOffsetForPartitionError as error:
            self._restart(error.args[0])

    def _restart(self, tp: TopicPartition) -> None:
        assignment = self._assignment()
        if assignment is not None and tp in assignment.tps:
            assignment.state_value(tp).await_reset(OffsetResetStrategy.EARLIEST)

    def _assignment(self) -> Any:
        subscription = self._fetcher._subscriptions.subscription  # noqa: SLF001
        return subscription.assignment if subscription is not None else None


def _release(unread: Any) -> None:
    """Part records that nobody will read from their generator: in a cycle with it megabytes wait for the collector."""
    if unread is not None:
        unread._records_iterator = None  # noqa: SLF001


async def _wait(future: "asyncio.Future[None]", deadline: float) -> None:
    """Wait until the future is done or the deadline reached.

    Raises:
        KafkaError: the future did; what the coordinator could not overcome comes this way.

    """
    done, _ = await asyncio.wait([future], timeout=max(0.0, deadline - time.monotonic()))
    if done:
        future.result()
    else:
        future.cancel()
