"""What happens to each batch: analyse, publish, and only then acknowledge."""

import asyncio
from collections.abc import Awaitable, Callable

from runtime.log import get_logger
from schemas.errors import RegistryUnavailableError
from streams.delivery import OutcomePublisher, Receipt
from streams.driver.batch import RecordBatch
from streams.enrichment import Enricher
from streams.in_flight import InFlight

log = get_logger(__name__)

REGISTRY_RETRY_SECONDS = 1.0


class Processor:
    """Works on one batch at a time and lets deliveries run on behind it.

    The order of a partition's events is kept: batches are handed to the producer one after the other. A batch is
    acknowledged when the broker has every outcome of it. The first failure ends the worker: what was not
    acknowledged is read again by its successor.
    """

    def __init__(
        self,
        enricher: Enricher,
        publisher: OutcomePublisher,
        *,
        max_bytes: int,
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._enricher = enricher
        self._publisher = publisher
        self._in_flight = InFlight(max_bytes)
        self._on_failure = on_failure
        self._deliveries: set[asyncio.Task[None]] = set()

    async def process(self, batch: RecordBatch, acknowledge: Callable[[], Awaitable[object]]) -> None:
        """Analyse a batch and hand it to the producer; `acknowledge` is awaited once it is safe."""
        await self._in_flight.enter(batch.size)
        try:
            receipt = Receipt(len(batch.records))
            await self._begin(batch, receipt)
        except BaseException:
            await self._in_flight.leave(batch.size)
            raise
        task = asyncio.create_task(self._finish(batch, receipt, acknowledge))
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    async def settled(self) -> None:
        """Wait until every batch that was begun is acknowledged."""
        await self._in_flight.settled()

    async def _begin(self, batch: RecordBatch, receipt: Receipt) -> None:
        try:
            async for outcomes in self._enricher.enrich(batch):
                await self._publisher.publish(batch, outcomes, receipt)
        except RegistryUnavailableError as error:
            log.warning("registry_unavailable", error=str(error), retry_seconds=REGISTRY_RETRY_SECONDS)
            await asyncio.sleep(REGISTRY_RETRY_SECONDS)
            await self._begin(batch, receipt)

    async def _finish(self, batch: RecordBatch, receipt: Receipt, acknowledge: Callable[[], Awaitable[object]]) -> None:
        try:
            await receipt.delivered
            batch.completed = True
            await acknowledge()
        except Exception as error:  # noqa: BLE001 - whatever it is, the worker must not go on without this batch
            self._on_failure(error)
        finally:
            await self._in_flight.leave(batch.size)
