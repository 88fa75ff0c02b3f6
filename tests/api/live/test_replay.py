"""A stretch of a real topic, read again."""

import threading
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient

from api.live.notice import Gap, GapReason
from api.live.position import Position
from api.live.replay import Replayer
from api.live.topology import describe
from api.settings import ApiSettings
from schemas.registry import PackageRegistry
from tests.api.events import produce, record
from tests.services.process import free_port
from tests.services.topics import TopicFactory


def replayer(kafka: str, topic: str) -> Replayer:
    settings = ApiSettings(kafka_bootstrap_servers=kafka)
    return Replayer(settings, topic=topic, registry=PackageRegistry())


def ids(events: list[dict[str, Any]]) -> list[str]:
    return [str(event["event_id"]) for event in events]


async def test_it_begins_and_ends_where_it_was_told(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("analyzed")
    events = [record(summary=str(n)) for n in range(30)]
    produce(kafka, topic, events)
    replay = await replayer(kafka, topic).replay(Position("a", {0: 5}), Position("a", {0: 12}))
    assert replay.gap is None
    assert [event.sse.split(b"\n")[0] for event in replay.events] == [b"id: a.0:%d" % n for n in range(6, 13)]
    assert all(one in event.websocket for one, event in zip(ids(events[5:12]), replay.events, strict=True))


async def test_a_broker_that_does_not_answer_is_a_gap() -> None:
    replay = await replayer(f"127.0.0.1:{free_port()}", "none").replay(Position("a", {0: 5}), Position("a", {0: 12}))
    assert replay.gap == Gap(GapReason.UNREACHABLE)
    assert not replay.events


@pytest.mark.parametrize("partitions", [1, 3])
def test_a_topology_names_incarnation_and_partitions(kafka: str, topic_factory: TopicFactory, partitions: int) -> None:
    admin = AdminClient({"bootstrap.servers": kafka})
    one, other = (
        describe(admin, topic_factory("analyzed", partitions=partitions), timeout=20, stopping=threading.Event())
        for _ in range(2)
    )
    assert one.partitions == other.partitions == tuple(range(partitions))
    assert one.incarnation != other.incarnation
