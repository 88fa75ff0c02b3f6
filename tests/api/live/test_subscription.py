import asyncio
from dataclasses import replace

import pytest

from api.errors import ApiError
from api.live.batch import Batch, RawMessage
from api.live.event import LiveEvent, render
from api.live.hub import Hub
from api.live.notice import EndReason, StreamEndedError
from api.live.portion import Portion
from api.live.position import Position
from api.live.selection import Selection
from api.live.subscription import Subscription
from schemas.registry import open_registry
from tests.api.events import record, value

ALL = Selection(frozenset(), frozenset(), frozenset(), frozenset())
NOWHERE = Position("a", {0: 0})


def event(name: str = "a") -> LiveEvent:
    return render(record(device_id=name), str(NOWHERE))


def portion(*names: str) -> Portion:
    return Portion([event(name) for name in names or "a"])


async def test_what_was_offered_is_taken_in_order_at_once() -> None:
    subscription = Subscription(capacity=10)
    portions = [portion(name) for name in "abc"]
    for one in portions:
        subscription.offer(one)
    assert await subscription.take(patience=60) == portions
    assert await subscription.take(patience=0.01) == []


async def test_a_waiting_stream_wakes_up_with_the_event() -> None:
    subscription = Subscription(capacity=10)
    taking = asyncio.create_task(subscription.take(patience=60))
    await asyncio.sleep(0)
    subscription.offer(portion())
    assert len(await taking) == 1


async def test_a_full_queue_ends_the_stream_and_is_dropped() -> None:
    subscription = Subscription(capacity=2)
    for _ in range(5):
        subscription.offer(portion())
    with pytest.raises(StreamEndedError) as ended:
        await subscription.take(patience=60)
    assert ended.value.reason is EndReason.TOO_SLOW


async def test_what_is_queued_comes_before_the_end() -> None:
    subscription = Subscription(capacity=2)
    subscription.offer(portion())
    subscription.end(EndReason.SHUTDOWN)
    subscription.offer(portion())
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


def published(*devices: str) -> Batch:
    registry = open_registry(None)
    messages = [
        RawMessage(0, number, 0, b"default/a", value(record(device_id=name))) for number, name in enumerate(devices)
    ]
    return Batch(messages, begin=NOWHERE, registry=registry, tenant="default")


async def test_streams_that_want_the_same_are_given_one_portion() -> None:
    hub = Hub(capacity=5, subscribers=5)
    with (
        hub.subscribe(ALL, transport="sse") as one,
        hub.subscribe(ALL, transport="websocket") as other,
        hub.subscribe(replace(ALL, devices=frozenset("b")), transport="sse") as choosy,
        hub.subscribe(replace(ALL, devices=frozenset("x")), transport="sse") as idle,
    ):
        hub.publish(published("a", "b"))
        (first,), (second,) = await one.take(patience=60), await other.take(patience=60)
        assert first is second
        assert first.events == 2
        assert first.sse is second.sse
        (chosen,) = await choosy.take(patience=60)
        assert [frame.sse for frame in chosen.frames] == [first.frames[1].sse]
        assert await idle.take(patience=0.01) == []


async def test_a_stream_that_leaves_makes_room_and_is_not_served() -> None:
    hub = Hub(capacity=5, subscribers=1)
    with hub.subscribe(ALL, transport="sse"), pytest.raises(ApiError), hub.subscribe(ALL, transport="sse"):
        pass
    assert not hub.listening
    with hub.subscribe(ALL, transport="sse") as later:
        hub.publish(published("a"))
        assert len(await later.take(patience=60)) == 1
