import time
import uuid
from contextlib import suppress

import pytest
from confluent_kafka import Producer, TopicPartition

from cli.stack.drain import Drain
from cli.stack.lag import Consumption
from runtime.errors import TransientError
from tests.services.committing import commit_offsets
from tests.services.process import HOST, free_port
from tests.services.topics import TopicFactory


@pytest.fixture
def consumption(kafka: str, topic_factory: TopicFactory) -> Consumption:
    """A group that has read nothing of a topic with three records in its second partition."""
    topic = topic_factory("lag", partitions=2)
    producer = Producer({"bootstrap.servers": kafka})
    for number in range(3):
        producer.produce(topic, str(number).encode(), partition=1)
    assert producer.flush(20) == 0
    consumption = Consumption(group=f"group.{uuid.uuid4().hex}", topic=topic)
    _wait_for_a_coordinator(kafka, consumption)
    return consumption


def _wait_for_a_coordinator(kafka: str, consumption: Consumption) -> None:
    """A broker that was never asked for a group's offsets refuses the first questions."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(TransientError):
            consumption.lag(kafka)
            return
    raise TimeoutError


def commit(kafka: str, consumption: Consumption, offset: int) -> None:
    commit_offsets(kafka, consumption.group, [TopicPartition(consumption.topic, 1, offset)])


def test_lag_is_what_was_not_committed(kafka: str, consumption: Consumption) -> None:
    assert consumption.lag(kafka) == 3
    commit(kafka, consumption, 2)
    assert consumption.lag(kafka) == 1
    commit(kafka, consumption, 3)
    assert consumption.lag(kafka) == 0


def test_a_broker_that_is_gone_tells_no_lag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.stack.lag._PATIENCE", 0.5)
    with pytest.raises(TransientError, match="the lag of nobody is unknown"):
        Consumption("nobody", "nothing").lag(f"{HOST}:{free_port()}")


async def test_a_drain_ends_when_all_is_read(kafka: str, consumption: Consumption) -> None:
    looks: list[None] = []

    def somebody_reads() -> bool:
        looks.append(None)
        commit(kafka, consumption, min(len(looks), 3))
        return True

    assert await Drain(kafka, seconds=60).rest(consumption, worthwhile=somebody_reads) == 0
    assert len(looks) >= 3


async def test_a_drain_ends_when_its_budget_is_used_up(kafka: str, consumption: Consumption) -> None:
    assert await Drain(kafka, seconds=0).rest(consumption, worthwhile=lambda: True) == 3


async def test_a_drain_ends_when_the_reader_goes(kafka: str, consumption: Consumption) -> None:
    there = iter([True, True, False])
    assert await Drain(kafka, seconds=60).rest(consumption, worthwhile=lambda: next(there)) == 3


async def test_a_drain_without_a_broker_knows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.stack.lag._PATIENCE", 0.5)
    drain = Drain(f"{HOST}:{free_port()}", seconds=60)
    assert await drain.rest(Consumption("group", "topic"), worthwhile=lambda: False) is None
