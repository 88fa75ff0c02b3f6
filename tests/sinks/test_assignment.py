from collections.abc import Sequence
from typing import cast

import pytest
from confluent_kafka import Consumer, TopicPartition

from sinks.assignment import Assignment
from sinks.block import Block
from sinks.buffer import BlockLimits
from sinks.placement import Start
from sinks.turns import Turns
from tests.sinks.events import TOPIC_ID, message

AGE = 0.0
YOUNG = 3_600.0
BEHIND = 1_000_000


class Reader:
    """What the assignment asks of a consumer; knows which partitions are read."""

    def __init__(self) -> None:
        self.reads: set[int] = set()

    def incremental_assign(self, places: Sequence[TopicPartition]) -> None:
        self.resume(places)

    def seek(self, place: TopicPartition) -> None:
        assert place.partition not in self.reads

    def pause(self, places: Sequence[TopicPartition]) -> None:
        self.reads -= {place.partition for place in places}

    def resume(self, places: Sequence[TopicPartition]) -> None:
        self.reads |= {place.partition for place in places}


class Desk:
    """An assignment of partitions whose claims are given, 0 for none."""

    def __init__(self, *claims: int, age: float = YOUNG, end: int = 0) -> None:
        self.reader = Reader()
        turns = Turns(places=1, messages=0, seconds=3_600)
        self.now = 0.0
        limits = BlockLimits(10, 1_000, age)
        self.assignment = Assignment(cast("Consumer", self.reader), "analyzed", limits, turns, clock=lambda: self.now)
        self.assignment.add(range(len(claims)))
        starts = [Start(number, 0, claimed=claim, end=end) for number, claim in enumerate(claims)]
        self.assignment.place(TOPIC_ID, starts)

    def take(self, partition: int, *offsets: int) -> None:
        self.assignment.take(message(offset, b"x", partition=partition) for offset in offsets)

    def cut(self, *, drain: bool = False) -> dict[int, int]:
        """Return the ends of the blocks by partition."""
        return {block.place.partition: block.next_offset for block in self.blocks(drain=drain)}

    def blocks(self, *, drain: bool = False) -> list[Block]:
        return self.assignment.cut(drain=drain)

    def reads(self) -> set[int]:
        self.assignment.steer(paused=False)
        return self.reader.reads


def test_where_one_block_is_due_all_partitions_go_along() -> None:
    desk = Desk(0, 0, 0, age=AGE)
    desk.take(0, 0, 1)
    desk.take(2, 0)
    assert desk.cut() == {0: 2, 2: 1}


def test_a_full_block_goes_without_those_that_still_fill() -> None:
    desk = Desk(0, 0)
    desk.take(0, *range(12))
    desk.take(1, 0, 1)
    assert desk.cut() == {0: 10}
    assert desk.cut() == {}


@pytest.mark.parametrize("drain", [False, True])
def test_claimed_blocks_wait_for_each_other_and_go_alone(*, drain: bool) -> None:
    desk = Desk(3, 0, 2, age=AGE)
    desk.take(0, 0, 1, 2, 3)
    desk.take(1, *range(10))
    assert desk.cut(drain=drain) == {}, "of partition 2 nothing came yet"
    desk.take(2, 0)
    assert desk.cut(drain=drain) == {}
    desk.take(2, 1)
    assert desk.cut(drain=drain) == {0: 3, 2: 2}
    assert desk.cut(drain=drain) == {0: 4, 1: 10}


def test_a_claim_beyond_the_end_holds_nobody_up() -> None:
    desk = Desk(3, 5)
    desk.take(0, 0, 1, 2)
    desk.assignment.reached_end(1)
    assert desk.cut() == {0: 3}


def test_a_claimed_block_that_cannot_be_read_holds_the_others_up_for_a_while_only() -> None:
    desk = Desk(3, 5, 0)
    desk.take(0, 0, 1, 2)
    desk.take(2, *range(10))
    desk.now = 29.0
    assert (desk.cut(), desk.reads()) == ({}, {1})
    desk.now = 30.0
    assert desk.cut() == {0: 3, 2: 10}
    assert desk.reads() == {0, 1, 2}
    desk.take(1, *range(6))
    assert desk.cut() == {1: 5}


def test_a_partition_that_goes_holds_nobody_up() -> None:
    desk = Desk(3, 5)
    desk.take(0, 0, 1, 2)
    desk.assignment.remove([1])
    assert desk.cut() == {0: 3}


def test_when_the_topic_is_gone_what_came_of_it_is_cut() -> None:
    desk = Desk(3, 0, 9)
    for partition in range(3):
        desk.take(partition, 0, 1)
    desk.assignment.topic_ended()
    assert desk.cut(drain=True) == {0: 2, 1: 2, 2: 2}


def test_what_replays_is_read_before_all_others_whosever_turn_it_is() -> None:
    desk = Desk(0, 2, 3, end=BEHIND)
    assert desk.reads() == {1, 2}
    desk.take(1, 0, 1)
    assert desk.reads() == {2}
    desk.take(2, 0, 1, 2)
    assert desk.reads() == {0}
    assert desk.cut() == {1: 2, 2: 3}
    assert desk.reads() == {0}
