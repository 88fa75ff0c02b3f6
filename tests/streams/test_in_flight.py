import asyncio

import pytest

from streams.in_flight import InFlight


async def test_a_batch_waits_until_there_is_room() -> None:
    in_flight = InFlight(100)
    await in_flight.enter(80)
    waiting = asyncio.create_task(in_flight.enter(30))
    await asyncio.sleep(0)
    assert not waiting.done()
    await in_flight.leave(80)
    await asyncio.wait_for(waiting, 5)


async def test_one_alone_may_be_larger_than_the_bound() -> None:
    await asyncio.wait_for(InFlight(10).enter(1000), 5)


async def test_settled_waits_for_the_last() -> None:
    in_flight = InFlight(100)
    await asyncio.wait_for(in_flight.settled(), 5)
    await in_flight.enter(1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(in_flight.settled(), 0.05)
    await in_flight.leave(1)
    await asyncio.wait_for(in_flight.settled(), 5)
