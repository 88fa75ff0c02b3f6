import asyncio

import pytest

from api.errors import ApiError
from api.live.event import LiveEvent, render
from api.live.hub import Hub
from api.live.notice import EndReason, StreamEndedError
from api.live.position import Position
from api.live.selection import Selection
from api.live.subscription import Subscription
from tests.api.events import record

ALL = Selection(frozenset(), frozenset(), frozenset(), frozenset())
NOWHERE = Position("a", {0: 0})


def event(name: str = "a") -> LiveEvent:
    return render(record(device_id=name), NOWHERE)


async def test_what_was_offered_is_taken_in_order_at_once() -> None:
    subscription = Subscription(ALL, capacity=10)
    events = [event(name) for name in "abc"]
    for one in events:
        subscription.offer(one)
    assert await subscription.take(patience=60) == events
    assert await subscription.take(patience=0.01) == []


async def test_a_waiting_stream_wakes_up_with_the_event() -> None:
    subscription = Subscription(ALL, capacity=10)
    taking = asyncio.create_task(subscription.take(patience=60))
    await asyncio.sleep(0)
    subscription.offer(event())
    assert len(await taking) == 1


async def test_a_full_queue_ends_the_stream_and_is_dropped() -> None:
    subscription = Subscription(ALL, capacity=2)
    for _ in range(5):
        subscription.offer(event())
    with pytest.raises(StreamEndedError) as ended:
        await subscription.take(patience=60)
    assert ended.value.reason is EndReason.TOO_SLOW


async def test_what_is_queued_comes_before_the_end() -> None:
    subscription = Subscription(ALL, capacity=2)
    subscription.offer(event())
    subscription.end(EndReason.SHUTDOWN)
    subscription.offer(event())
    assert len(await subscription.take(patience=60)) == 1
    with pytest.raises(StreamEndedError):
        await subscription.take(patience=60)


async def test_a_stream_begins_where_the_reader_was_or_attaches() -> None:
    hub = Hub(capacity=1, subscribers=5)
    with hub.subscribe(ALL, transport="sse") as early:
        assert await early.beginning(patience=0.01) is None
        hub.attach(NOWHERE)
        hub.attach(Position("b", {0: 5}))
        assert await early.beginning(patience=60) == NOWHERE
        with hub.subscribe(ALL, transport="sse") as late:
            assert await late.beginning(patience=60) == Position("b", {0: 5})


async def test_a_draining_hub_takes_no_one() -> None:
    hub = Hub(capacity=1, subscribers=5)
    hub.end()
    with pytest.raises(ApiError), hub.subscribe(ALL, transport="sse"):
        pass
    assert not hub.listening
