"""The thread in which aiokafka runs.

Written against faust-streaming 0.15.3 and aiokafka 0.14.0; of Faust's `AIOKafkaConsumerThread` it replaces
`_create_worker_consumer`, `highwater` and `_commit`.
"""

from collections.abc import Collection, Mapping
from typing import cast

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ConsumerStoppedError
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Transport
from faust.types import TP

from streams.driver.batch import Partition
from streams.driver.drain import Drain, Taken
from streams.driver.options import DriverOptions


class MicroBatchConsumerThread(AIOKafkaConsumerThread):
    """Faust's consumer thread with fetches in bounded portions.

    It reads what transactions committed, and only that.
    """

    _drain: Drain | None = None

    def _create_worker_consumer(self, transport: Transport) -> AIOKafkaConsumer:
        consumer, options = super()._create_worker_consumer(transport), self._options
        consumer._fetch_max_wait_ms = options.fetch_wait_ms  # noqa: SLF001
        consumer._fetch_max_bytes = options.portions.total_bytes  # noqa: SLF001
        consumer._isolation_level = "read_committed"  # noqa: SLF001
        consumer._auto_offset_reset = "none"  # noqa: SLF001 - Drain resets offsets, and tells
        return consumer

    async def take(self, partitions: Collection[Partition], *, timeout: float) -> Taken:  # noqa: ASYNC109
        """Return what was fetched of these partitions, waiting for it at most `timeout` seconds.

        Raises:
            ConsumerStoppedError: the consumer is closed.
            KafkaError: the coordinator or a fetch failed in a way that does not pass.

        """
        return cast("Taken", await self.call_thread(self._take, partitions, timeout))

    async def _take(self, partitions: Collection[Partition], timeout: float) -> Taken:  # noqa: ASYNC109
        consumer = self._ensure_consumer()
        if not self.consumer.flow_active:
            return Taken(consumer._coordinator.generation, ())  # noqa: SLF001
        if consumer._closed or consumer._fetcher._closed:  # noqa: SLF001
            raise ConsumerStoppedError
        if self._drain is None:
            self._drain = Drain(consumer._fetcher, self._options.portions)  # noqa: SLF001
        with consumer._subscription.fetch_context():  # noqa: SLF001
            fetched = await self._drain.take(partitions, timeout=timeout)
        return Taken(consumer._coordinator.generation, fetched)  # noqa: SLF001

    async def rewind(self, offsets: Mapping[Partition, int], *, generation: int) -> None:
        """Read partitions again from these offsets, unless the group has met anew since that generation."""
        await self.call_thread(self._rewind, offsets, generation)

    async def _rewind(self, offsets: Mapping[Partition, int], generation: int) -> None:
        consumer = self._ensure_consumer()
        if consumer._coordinator.generation != generation:  # noqa: SLF001
            return
        for partition, offset in offsets.items():
            if TopicPartition(*partition) in consumer.assignment():
                consumer.seek(TopicPartition(*partition), offset)

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
            if self._drain is not None:
                self._drain.wake()

    def highwater(self, tp: TP) -> int:
        """Return the offset behind the last record that may be read; 0 where no fetch told yet."""
        assignment = self._ensure_consumer()._subscription.subscription.assignment  # noqa: SLF001
        state = assignment.state_value(TopicPartition(*tp)) if assignment is not None else None
        if state is None:
            return 0
        return cast("int", state.lso if state.lso is not None and state.lso >= 0 else state.highwater or 0)

    def failure(self) -> str | None:
        """Return what ended aiokafka's background tasks, without which nothing is fetched; None while they run."""
        consumer = self._ensure_consumer()
        tasks = {
            "fetching": consumer._fetcher._fetch_task,  # noqa: SLF001
            "group membership": consumer._coordinator._coordination_task,  # noqa: SLF001
        }
        return next((f"{name} ended" for name, task in tasks.items() if task.done()), None)

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        """Commit as the member that was assigned these partitions, or not at all.

        A consumer that lost its membership would commit as none; a group that is empty by now accepts that, and its
        offsets would move backwards.
        """
        if self._ensure_consumer()._coordinator.generation != self.app.consumer_generation_id:  # noqa: SLF001
            return False
        return await super()._commit(offsets)

    @property
    def _options(self) -> DriverOptions:
        return cast("DriverOptions", getattr(self.transport, "options", DriverOptions()))
