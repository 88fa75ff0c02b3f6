import asyncio

import pytest

from streams.driver.batch import Partition, RecordBatch
from streams.in_flight import SHARES, InFlight
from tests.streams.records import MadeRecord

ONE, OTHER = Partition("commands.executed", 0), Partition("commands.executed", 1)


def batch(size: int, source: Partition = ONE) -> RecordBatch:
    return RecordBatch(source, [MadeRecord(bytes(size))])


class Valve:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Partition]] = []

    async def hold(self, partition: Partition) -> None:
        self.told.append(("hold", partition))

    async def release(self, partition: Partition) -> None:
        self.told.append(("release", partition))


async def test_a_batch_waits_until_there_is_room() -> None:
    in_flight = InFlight(100)
    first = batch(80)
    await in_flight.enter(first)
    waiting = asyncio.create_task(in_flight.enter(batch(30)))
    await asyncio.sleep(0)
    assert not waiting.done()
    await in_flight.leave(first)
    await asyncio.wait_for(waiting, 5)


async def test_one_alone_may_be_larger_than_the_bound() -> None:
    await asyncio.wait_for(InFlight(10).enter(batch(1000)), 5)


async def test_settled_waits_for_the_last() -> None:
    in_flight = InFlight(100)
    await asyncio.wait_for(in_flight.settled(), 5)
    last = batch(1)
    await in_flight.enter(last)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(in_flight.settled(), 0.05)
    await in_flight.leave(last)
    await asyncio.wait_for(in_flight.settled(), 5)


async def test_a_partition_beyond_its_share_is_held_until_half_of_it_is_done() -> None:
    valve = Valve()
    in_flight = InFlight(SHARES * 100)
    in_flight.steer(valve)
    batches = [batch(50) for _ in range(3)]
    for each in batches[:2]:
        await in_flight.enter(each)
    await in_flight.enter(batch(100, OTHER))
    assert valve.told == []
    await in_flight.enter(batches[2])
    assert valve.told == [("hold", ONE)]
    await in_flight.leave(batches[0])
    assert valve.told == [("hold", ONE)]
    await in_flight.leave(batches[1])
    assert valve.told == [("hold", ONE), ("release", ONE)]


async def test_what_comes_in_spite_of_that_is_held_again() -> None:
    valve = Valve()
    in_flight = InFlight(SHARES * 100)
    in_flight.steer(valve)
    await in_flight.enter(batch(101))
    await in_flight.enter(batch(1))
    assert valve.told == [("hold", ONE)] * 2
