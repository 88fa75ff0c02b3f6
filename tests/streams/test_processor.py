"""Batches of several partitions side by side; what one waits for, and what a failure does to the rest."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

import pytest
from confluent_kafka import KafkaError

from runtime.errors import ConfigurationError
from streams.delivery import OutcomePublisher
from streams.driver.batch import Partition, RecordBatch
from streams.enrichment.enricher import Enricher
from streams.enrichment.outcome import Outcome, Rejected
from streams.in_flight import InFlight
from streams.processor import Processor
from streams.receipt import DeliveryError, Receipt
from tests.streams.records import MadeRecord

SLOW, QUICK = Partition("commands.executed", 0), Partition("commands.executed", 1)


class GatedEnricher(Enricher):
    """Rejects every record, of a batch as soon as the gate of its first offset is open."""

    def __init__(self) -> None:
        self.gates: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self.broken: set[Partition] = set()

    async def enrich(self, batch: RecordBatch) -> AsyncIterator[list[Outcome]]:
        await self.gates[batch.records[0].offset].wait()
        if batch.source in self.broken:
            raise RuntimeError("broken")
        for record in batch.records:
            yield [Rejected(record, "no reason")]


class InstantPublisher(OutcomePublisher):
    """Delivers at once and remembers the offsets."""

    def __init__(self) -> None:
        self.published: list[tuple[Partition, int]] = []
        self.withdrawing: RecordBatch | None = None
        """Withdrawn with the next part that is published."""

    async def publish(self, batch: RecordBatch, outcomes: Sequence[Outcome], receipt: Receipt) -> None:
        for outcome in outcomes:
            assert isinstance(outcome, Rejected)
            receipt.expect()
            receipt.on_delivery(None, None)  # type: ignore[arg-type]  # librdkafka's messages cannot be made
            self.published.append((batch.source, outcome.record.offset))
        if self.withdrawing is not None:
            self.withdrawing.withdrawn = True


class Bench:
    def __init__(self) -> None:
        self.enricher = GatedEnricher()
        self.publisher = InstantPublisher()
        self.failures: list[BaseException] = []
        self.acknowledged: list[int] = []
        self.processor = Processor(
            self.enricher,
            self.publisher,
            InFlight(1 << 20),
            on_failure=self.failures.append,
        )

    async def process(self, source: Partition, *offsets: int) -> RecordBatch:
        batch = RecordBatch(source, [MadeRecord(b"x", offset) for offset in offsets])

        async def acknowledge() -> None:
            assert batch.completed
            self.acknowledged.append(batch.last_offset)

        async with asyncio.timeout(5):
            await self.processor.process(batch, acknowledge)
        return batch

    def open(self, *offsets: int) -> None:
        for offset in offsets:
            self.enricher.gates[offset].set()

    async def settled(self) -> None:
        await self.processor.settle(patience=5)


@pytest.fixture
async def bench() -> Bench:
    return Bench()


async def test_a_batch_that_waits_holds_its_own_partition_only(bench: Bench) -> None:
    bench.open(10, 12, 2)
    await bench.process(SLOW, 0, 1)
    await bench.process(SLOW, 2)
    await bench.process(QUICK, 10, 11)
    await bench.process(QUICK, 12)
    async with asyncio.timeout(5):
        while bench.acknowledged != [11, 12]:  # noqa: ASYNC110 - turns of the event loop are all it takes
            await asyncio.sleep(0)
    bench.open(0)
    await bench.settled()
    assert bench.publisher.published == [(QUICK, n) for n in (10, 11, 12)] + [(SLOW, n) for n in (0, 1, 2)]
    assert bench.acknowledged == [11, 12, 1, 2]
    assert bench.failures == []


async def test_nothing_of_a_partition_follows_a_failure(bench: Bench) -> None:
    bench.open(1, 10)
    bench.enricher.broken.add(SLOW)
    await bench.process(SLOW, 0)
    await bench.process(SLOW, 1)
    await bench.process(QUICK, 10)
    bench.open(0)
    await bench.settled()
    assert bench.publisher.published == [(QUICK, 10)]
    assert bench.acknowledged == [10]
    assert [str(failure) for failure in bench.failures] == ["broken", "broken"]


async def test_what_is_withdrawn_ends_with_the_part_under_way_and_tells_what_is_safe(bench: Bench) -> None:
    batch = await bench.process(SLOW, 4, 6, 7)
    bench.publisher.withdrawing = batch
    bench.open(4)
    await bench.settled()
    assert bench.publisher.published == [(SLOW, 4)]
    assert batch.safe_offset == 5
    assert bench.acknowledged == []
    assert bench.failures == []


async def test_what_is_withdrawn_before_it_began_is_not_published(bench: Bench) -> None:
    bench.open(1, 10)
    first, second = await bench.process(SLOW, 0), await bench.process(SLOW, 1)
    second.withdrawn = True
    await bench.processor.settle(patience=0.01)
    await bench.process(QUICK, 10)
    bench.open(0)
    await bench.settled()
    assert sorted(bench.publisher.published) == [(SLOW, 0), (QUICK, 10)]
    assert (first.completed, second.completed) == (True, False)
    assert bench.failures == []


@pytest.mark.parametrize("sealed_first", [True, False])
async def test_a_receipt_is_complete_when_sealed_and_all_arrived(sealed_first: bool) -> None:
    receipt = Receipt()
    for _ in range(2):
        receipt.expect()
    arrivals = [receipt.on_delivery] * 2
    if sealed_first:
        receipt.seal()
    for arrive in arrivals:
        assert not receipt.delivered.done()
        await asyncio.to_thread(arrive, None, None)  # type: ignore[arg-type]  # as above
    if not sealed_first:
        await asyncio.sleep(0)
        assert not receipt.delivered.done()
        receipt.seal()
    await asyncio.wait_for(receipt.delivered, 5)


async def test_a_receipt_for_nothing_is_complete_at_once() -> None:
    receipt = Receipt()
    receipt.seal()
    await asyncio.wait_for(receipt.delivered, 5)


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (KafkaError.INVALID_RECORD, DeliveryError),
        (KafkaError.MSG_SIZE_TOO_LARGE, ConfigurationError),
        (KafkaError.TOPIC_AUTHORIZATION_FAILED, ConfigurationError),
    ],
)
async def test_what_cannot_be_delivered_fails_its_receipt_even_as_it_is_sealed(
    code: int, failure: type[Exception]
) -> None:
    receipt = Receipt()
    receipt.expect()
    receipt.on_delivery(KafkaError(code), None)  # type: ignore[arg-type]  # as above
    receipt.seal()
    with pytest.raises(failure):
        await asyncio.wait_for(receipt.delivered, 5)
