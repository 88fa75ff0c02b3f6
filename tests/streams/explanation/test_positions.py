from hypothesis import given
from hypothesis import strategies as st

from streams.explanation.positions import Positions


def test_a_partition_is_done_up_to_its_first_unfinished_request() -> None:
    positions = Positions()
    for offset in (5, 6, 9):
        positions.begin(0, offset)
    positions.finish(0, 6)
    assert positions.moved() == {0: 5}
    positions.finish(0, 5)
    assert positions.moved() == {0: 9}
    positions.committed({0: 9})
    assert positions.moved() == {}
    positions.finish(0, 9)
    assert positions.moved() == {0: 10}


def test_a_partition_that_was_taken_away_is_committed_no_more() -> None:
    positions = Positions()
    positions.begin(0, 5)
    positions.forget([0, 1])
    positions.finish(0, 5)
    positions.committed({0: 6})
    assert positions.moved() == {}


@given(st.permutations(range(8)), st.integers(0, 8))
def test_nothing_unfinished_is_ever_passed(order: list[int], done: int) -> None:
    positions = Positions()
    for offset in range(8):
        positions.begin(3, offset)
    for offset in order[:done]:
        positions.finish(3, offset)
    assert positions.moved() == {3: min(order[done:], default=8)}
