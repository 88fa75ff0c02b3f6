"""What happens to each batch: analyse, publish, and only then acknowledge."""

import asyncio
from collections.abc import Awaitable, Callable

from runtime.log import get_logger
from schemas.errors import RegistryUnavailableError
from streams.delivery import OutcomePublisher, Receipt
from streams.driver.batch import Partition, RecordBatch
from streams.enrichment.enricher import Enricher
from streams.in_flight import InFlight

log = get_logger(__name__)

REGISTRY_RETRY_SECONDS = 1.0


class AbandonedError(Exception):
    """The batch is not finished here: it is read again, by this worker or another."""


class Processor:
    """Works on the batches of a partition one after the other, and on partitions side by side.

    The order of a partition's events is kept: its batches are handed to the producer one after the other, while
    deliveries run on behind. A batch is acknowledged when the broker has every outcome of it. The first failure
    ends the worker: what was not acknowledged is read again by its successor.
    """

    def __init__(
        self,
        enricher: Enricher,
        publisher: OutcomePublisher,
        in_flight: InFlight,
        *,
        on_progress: Callable[[], None],
        on_failure: Callable[[BaseException], None],
    ) -> None:
        """`on_progress` is called whenever a part of a batch was handed to the producer."""
        self._enricher = enricher
        self._publisher = publisher
        self._in_flight = in_flight
        self._on_progress = on_progress
        self._on_failure = on_failure
        self._abandoned = 0
        """How often everything under way was abandoned."""
        self._newest: dict[Partition, asyncio.Task[Receipt]] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def process(self, batch: RecordBatch, acknowledge: Callable[[], Awaitable[object]]) -> None:
        """Take a batch on as soon as there is room; `acknowledge` is awaited once all of it is safe."""
        await self._in_flight.enter(batch)
        begun = asyncio.create_task(self._begin_after(self._newest.get(batch.source), batch, self._abandoned))
        self._newest[batch.source] = begun
        task = asyncio.create_task(self._finish(batch, begun, acknowledge))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settle(self, *, patience: float) -> None:
        """Wait until every batch is acknowledged; abandon those that are not `patience` seconds later."""
        try:
            async with asyncio.timeout(patience):
                await self._in_flight.settled()
        except TimeoutError:
            log.warning("abandoned_in_flight", batches=len(self._under_way), patience_seconds=patience)
            self._abandoned += 1
            self._newest.clear()

    async def _begin_after(self, before: asyncio.Task[Receipt] | None, batch: RecordBatch, abandoned: int) -> Receipt:
        """Analyse a batch and hand it to the producer, once its partition's batch before was; fails as that did."""
        if before is not None:
            await before
        receipt = Receipt()
        await self._begin(batch, receipt, abandoned)
        receipt.seal()
        return receipt

    async def _begin(self, batch: RecordBatch, receipt: Receipt, abandoned: int) -> None:
        try:
            async for outcomes in self._enricher.enrich(batch):
                if abandoned != self._abandoned:
                    raise AbandonedError
                await self._publisher.publish(batch, outcomes, receipt)
                self._on_progress()
        except RegistryUnavailableError as error:
            log.warning("registry_unavailable", error=str(error), retry_seconds=REGISTRY_RETRY_SECONDS)
            await asyncio.sleep(REGISTRY_RETRY_SECONDS)
            await self._begin(batch, receipt, abandoned)

    async def _finish(
        self, batch: RecordBatch, begun: asyncio.Task[Receipt], acknowledge: Callable[[], Awaitable[object]]
    ) -> None:
        try:
            receipt = await begun
            if self._newest.get(batch.source) is begun:
                del self._newest[batch.source]
            await receipt.delivered
            batch.completed = True
            await acknowledge()
        except AbandonedError:
            log.info("batch_abandoned", partition=batch.source.partition, last_offset=batch.last_offset)
        except Exception as error:  # noqa: BLE001 - whatever it is, the worker must not go on without this batch
            self._on_failure(error)
        finally:
            await self._in_flight.leave(batch)
