import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.live.position import MovingPosition, Position, parse_position
from api.live.replay import newest

OFFSETS = st.dictionaries(st.integers(0, 99), st.integers(0, 10**9), min_size=1, max_size=20)


@given(OFFSETS)
def test_a_position_survives_the_way_to_the_client_and_back(offsets: dict[int, int]) -> None:
    position = Position("0a1b2c3d", offsets)
    assert parse_position(str(position)) == position


@given(OFFSETS, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 10**9)), max_size=5))
def test_a_moving_position_is_told_as_it_is(offsets: dict[int, int], moves: list[tuple[int, int]]) -> None:
    moving = MovingPosition(Position("a", offsets))
    for partition, offset in moves:
        moving.move(partition, offset)
    assert str(moving) == str(Position("a", offsets | dict(moves)))


@pytest.mark.parametrize(
    "text", ["", "x", "0a1b.", "0a1b.1", "0a1b.1:", "0a1b.-1:5", "0a1b.1:5;2:6", "0A.1:5", "0a1b.1:5\n"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        parse_position(text)


@given(OFFSETS, st.integers(0, 10**6), st.integers(0, 1000))
def test_a_replay_is_bounded_and_counts_what_it_leaves_out(end: dict[int, int], behind: int, most: int) -> None:
    begin = {partition: max(0, offset - behind) for partition, offset in end.items()}
    start, missed = newest(Position("a", begin), Position("a", end), most=most)
    total = sum(end[partition] - begin[partition] for partition in end)
    read = sum(end[partition] - start[partition] for partition in end)
    assert read <= most
    assert read + missed == total
    assert missed == 0 or total > most
    assert all(begin[partition] <= start[partition] <= end[partition] for partition in end)
