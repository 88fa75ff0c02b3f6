from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sinks.block import Block, Place, offset_of
from sinks.bundle import Bundle, InsertLimits, bundled
from tests.sinks.events import TOPIC_ID, message, value

ROWS, SIZE = 10, 1_000
LIMITS = InsertLimits(rows=ROWS, size=SIZE)
ROOMY = InsertLimits(rows=100, size=1 << 20)
SIZES = st.lists(st.integers(min_value=0, max_value=400), min_size=1, max_size=ROWS)
LISTS = st.dictionaries(st.integers(min_value=0, max_value=200), SIZES, min_size=1, max_size=70)
"""By partition, the sizes of its block's messages."""


def block(partition: int, values: list[bytes | None], *, first: int = 0) -> Block:
    place = Place(TOPIC_ID, "analyzed", partition)
    messages = [message(first + number, data, partition=partition) for number, data in enumerate(values)]
    return Block(place, messages, since=0.0)


def sized(sizes: dict[int, list[int]]) -> list[Block]:
    return [block(partition, [b"x" * size for size in found], first=partition) for partition, found in sizes.items()]


def rows(bundle: Bundle) -> int:
    return sum(len(block.messages) for block in bundle.blocks)


def size(bundle: Bundle) -> int:
    return sum(block.size for block in bundle.blocks)


def tokens(bundles: list[Bundle]) -> list[str]:
    return [lot.token for bundle in bundles for lot in bundle.lots()]


@given(sizes=LISTS, chance=st.randoms())
def test_the_same_blocks_make_the_same_bundles_in_whatever_order(sizes: dict[int, list[int]], chance: Random) -> None:
    again = sized(sizes)
    chance.shuffle(again)
    first, second = bundled(sized(sizes), LIMITS), bundled(again, LIMITS)
    assert [bundle.partitions for bundle in first] == [bundle.partitions for bundle in second]
    assert tokens(first) == tokens(second)
    assert len(set(tokens(first))) == len(tokens(first))


@given(sizes=LISTS)
def test_bundles_keep_order_and_limits_and_hold_every_message_once(sizes: dict[int, list[int]]) -> None:
    bundles = bundled(sized(sizes), LIMITS)
    blocks = [block for bundle in bundles for block in bundle.blocks]
    held = [(block.place.partition, offset_of(one)) for block in blocks for one in block.messages]
    assert held == [(number, number + index) for number in sorted(sizes) for index in range(len(sizes[number]))]
    for bundle in bundles:
        assert len(bundle.blocks) == 1 or (rows(bundle) <= ROWS and size(bundle) <= SIZE)
    for one, following in pairwise(bundles):
        more = following.blocks[0]
        assert rows(one) + len(more.messages) > ROWS or size(one) + more.size > SIZE, "there was room for one more"


def test_a_full_block_is_alone() -> None:
    bundles = bundled(sized({0: [1], 1: [1] * ROWS, 2: [SIZE], 3: [1], 4: [1]}), LIMITS)
    assert [bundle.partitions for bundle in bundles] == [[0], [1], [2], [3, 4]]


def test_each_schema_of_a_bundle_is_one_lot() -> None:
    good, other = value(), b"\x00\x00\x00\x00\x63rest"
    (bundle,) = bundled([block(0, [good, other, None]), block(1, [other, good]), block(2, [good])], ROOMY)
    lots = list(bundle.lots())
    assert [[run.place.partition for run in lot.runs] for lot in lots] == [[0, 1, 2], [0, 1], [0]]
    assert sum(len(list(lot.messages)) for lot in lots) == 6


def test_one_block_keeps_its_own_token_and_several_have_a_short_one() -> None:
    alone, *_ = bundled([block(3, [value()] * 2, first=7)], LIMITS)[0].lots()
    assert alone.token == f"{TOPIC_ID.hex()}/3/7-8"
    (together,) = bundled([block(number, [value()]) for number in range(64)], ROOMY)[0].lots()
    assert len(together.token) == 64


def test_a_bundle_is_wanted_as_long_as_one_of_its_blocks_is() -> None:
    (bundle,) = bundled(sized({0: [1], 1: [1]}), LIMITS)
    bundle.blocks[0].cancelled.set()
    assert bundle.wanted
    bundle.blocks[1].cancelled.set()
    assert not bundle.wanted
