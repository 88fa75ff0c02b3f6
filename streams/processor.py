"""What happens to each batch: analyse, publish, and only then acknowledge."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from runtime.log import get_logger
from schemas.errors import RegistryUnavailableError
from streams.delivery import OutcomePublisher
from streams.driver.batch import Partition, RecordBatch
from streams.enrichment.enricher import Enricher
from streams.enrichment.outcome import Outcome, Requested
from streams.in_flight import InFlight
from streams.receipt import Receipt

log = get_logger(__name__)

REGISTRY_RETRY_SECONDS = 1.0

Acknowledge = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Handed:
    """A part of a batch that the producer has: everything up to `last_offset`."""

    last_offset: int
    receipt: Receipt


class Processor:
    """Works on the batches of a partition one after the other, and on partitions side by side.

    The order of a partition's events is kept: its batches are handed to the producer one after the other, while
    deliveries run on behind. What the broker has is noted in the batch part by part; it is acknowledged when that is
    all of it. A batch that is withdrawn ends with the part under way. The first failure ends the worker: what was not
    safe is read again by its successor.
    """

    def __init__(
        self,
        enricher: Enricher,
        publisher: OutcomePublisher,
        in_flight: InFlight,
        *,
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._enricher = enricher
        self._publisher = publisher
        self._in_flight = in_flight
        self._on_failure = on_failure
        self._newest: dict[Partition, asyncio.Task[None]] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def process(self, batch: RecordBatch, acknowledge: Acknowledge) -> None:
        """Take a batch on as soon as there is room; `acknowledge` is awaited once all of it is safe."""
        await self._in_flight.enter(batch)
        handed: asyncio.Queue[_Handed | None] = asyncio.Queue()
        begun = asyncio.create_task(self._begin_after(self._newest.get(batch.source), batch, handed))
        self._newest[batch.source] = begun
        task = asyncio.create_task(self._finish(batch, begun, handed, acknowledge))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settle(self, *, patience: float) -> None:
        """Wait until what was begun is safe, at most `patience` seconds; batches that were withdrawn end early."""
        try:
            async with asyncio.timeout(patience):
                await self._in_flight.settled()
        except TimeoutError:
            log.warning("left_in_flight", batches=len(self._under_way), patience_seconds=patience)

    async def _begin_after(
        self, before: asyncio.Task[None] | None, batch: RecordBatch, handed: asyncio.Queue[_Handed | None]
    ) -> None:
        """Analyse a batch and hand it to the producer, once its partition's batch before was; fails as that did."""
        try:
            if before is not None:
                await before
            await self._begin(batch, handed)
        finally:
            handed.put_nowait(None)

    async def _begin(self, batch: RecordBatch, handed: asyncio.Queue[_Handed | None]) -> None:
        """Try until all of a batch is handed over, or no more of it is wanted."""
        while not batch.withdrawn:
            try:
                await self._hand_over_all(batch, handed)
            except RegistryUnavailableError as error:
                log.warning("registry_unavailable", error=str(error), retry_seconds=REGISTRY_RETRY_SECONDS)
                await asyncio.sleep(REGISTRY_RETRY_SECONDS)
            else:
                return

    async def _hand_over_all(self, batch: RecordBatch, handed: asyncio.Queue[_Handed | None]) -> None:
        async for outcomes in self._enricher.enrich(batch):
            handed.put_nowait(await self._hand_over(batch, outcomes))
            if batch.withdrawn:
                break

    async def _hand_over(self, batch: RecordBatch, outcomes: Sequence[Outcome]) -> _Handed:
        receipt = Receipt()
        await self._publisher.publish(batch, outcomes, receipt)
        receipt.seal()
        return _Handed(_last_offset(outcomes), receipt)

    async def _finish(
        self,
        batch: RecordBatch,
        begun: asyncio.Task[None],
        handed: asyncio.Queue[_Handed | None],
        acknowledge: Acknowledge,
    ) -> None:
        try:
            while (part := await handed.get()) is not None:
                await part.receipt.delivered
                batch.secure(part.last_offset)
            await begun
            if self._newest.get(batch.source) is begun:
                del self._newest[batch.source]
            if batch.completed:
                await acknowledge()
            else:
                log.info("batch_withdrawn", partition=batch.source.partition, safe_offset=batch.safe_offset)
        except Exception as error:  # noqa: BLE001 - whatever it is, the worker must not go on without this batch
            self._on_failure(error)
        finally:
            await self._in_flight.leave(batch)


def _last_offset(outcomes: Sequence[Outcome]) -> int:
    """Return the offset of the last event; the requests of a slice stand behind its events."""
    return next(outcome.record.offset for outcome in reversed(outcomes) if not isinstance(outcome, Requested))
