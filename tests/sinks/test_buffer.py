from hypothesis import given
from hypothesis import strategies as st

from sinks.block import Block, Place, offset_of
from sinks.buffer import BlockLimits, PartitionBuffer
from tests.sinks.events import TOPIC_ID, message

PLACE = Place(TOPIC_ID, "analyzed", 0)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def buffer(
    offsets: list[int], *, rows: int = 10, size: int = 1000, claimed: int = 0, value: bytes = b"x"
) -> tuple[PartitionBuffer, Clock]:
    clock = Clock()
    made = PartitionBuffer(PLACE, BlockLimits(rows, size, age=0.5), claimed=claimed, clock=clock)
    made.extend([message(offset, value) for offset in offsets])
    return made, clock


def offsets(block: Block | None) -> list[int]:
    return [] if block is None else [offset_of(one) for one in block.messages]


def test_nothing_is_due_before_its_age() -> None:
    made, clock = buffer([0, 1])
    assert made.cut() is None
    clock.now += 0.5
    assert offsets(made.cut()) == [0, 1]
    assert len(made) == made.size == 0


def test_rows_fill_a_block() -> None:
    made, _ = buffer(list(range(25)))
    assert [len(offsets(made.cut())) for _ in range(3)] == [10, 10, 0]


def test_what_a_block_leaves_behind_waits_from_its_own_arrival() -> None:
    made, clock = buffer(list(range(9)))
    clock.now += 0.4
    made.extend([message(offset, b"x") for offset in range(9, 14)])
    assert len(offsets(made.cut())) == 10
    clock.now += 0.4
    assert made.cut() is None
    clock.now += 0.1
    block = made.cut()
    assert offsets(block) == [10, 11, 12, 13]
    assert block is not None
    assert block.since == 100.4


def test_bytes_fill_a_block() -> None:
    made, _ = buffer(list(range(5)), size=100, value=b"x" * 60)
    assert offsets(made.cut()) == [0, 1]
    assert made.size == 180


def test_draining_takes_what_is_young() -> None:
    made, _ = buffer([4])
    assert offsets(made.cut(drain=True)) == [4]


def test_a_claimed_block_ends_at_its_claim_at_once() -> None:
    made, _ = buffer([3, 4, 5, 6], claimed=5)
    assert offsets(made.cut()) == [3, 4]
    assert made.cut() is None


def test_a_claimed_block_waits_for_its_end_whatever_its_age() -> None:
    made, clock = buffer([3, 4], claimed=6)
    clock.now += 100
    assert made.cut() is None
    assert made.cut(drain=True) is None
    made.extend([message(5, b"x")])
    assert offsets(made.cut()) == [3, 4, 5]


def test_a_claim_whose_last_messages_are_gone_ends_with_the_first_beyond_it() -> None:
    made, _ = buffer([3, 9], claimed=6)
    assert offsets(made.cut()) == [3]


def test_a_claim_beyond_the_partitions_end_is_void() -> None:
    made, clock = buffer([3, 4], claimed=6)
    clock.now += 100
    made.reached_end()
    assert offsets(made.cut()) == [3, 4]


def test_a_claim_that_ends_with_the_partition_holds() -> None:
    made, _ = buffer([3, 4, 5], claimed=6)
    made.reached_end()
    made.extend([message(6, b"x")])
    assert offsets(made.cut()) == [3, 4, 5]


def test_what_was_taken_already_is_not_taken_again() -> None:
    made = PartitionBuffer(PLACE, BlockLimits(10, 1000, age=0.5), start=5)
    made.extend([message(offset, b"x") for offset in (3, 4, 5, 6)])
    made.extend([message(offset, b"x") for offset in (5, 6, 7)])
    assert offsets(made.cut(drain=True)) == [5, 6, 7]


@given(
    sizes=st.lists(st.integers(min_value=1, max_value=400), min_size=1, max_size=60),
    written=st.integers(min_value=0, max_value=59),
)
def test_after_a_crash_the_claimed_block_comes_out_the_same(sizes: list[int], written: int) -> None:
    """Cut by age at any point, then read again from the kept offset with the claim: the same messages."""
    end = min(written + 1, len(sizes))
    messages = [message(offset, b"x" * size) for offset, size in enumerate(sizes)]
    clock = Clock()
    first = PartitionBuffer(PLACE, BlockLimits(10, 1000, age=0.5), clock=clock)
    first.extend(messages[:end])
    clock.now += 1
    block = first.cut()
    assert block is not None

    again = PartitionBuffer(PLACE, BlockLimits(10, 1000, age=0.5), claimed=block.next_offset, clock=clock)
    again.extend(messages)
    assert offsets(again.cut()) == offsets(block)
