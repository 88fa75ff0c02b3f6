from sinks.turns import Turns


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def far(*partitions: int) -> dict[int, int]:
    """Partitions of which a hundred messages are left each."""
    return dict.fromkeys(partitions, 100)


def turns(behind: dict[int, int], *, places: int = 2) -> tuple[Turns, Clock]:
    clock = Clock()
    made = Turns(places=places, messages=200, seconds=5, clock=clock)
    made.note(behind)
    return made, clock


def test_partitions_that_are_not_behind_never_wait() -> None:
    made, _ = turns({})
    assert made.waiting() == set()


def test_no_more_than_the_places_are_read_of_those_behind() -> None:
    made, _ = turns(far(0, 1, 2, 3, 4))
    assert made.waiting() == {2, 3, 4}


def test_more_are_read_where_little_is_left_of_each() -> None:
    made, clock = turns({0: 20, 1: 50, 2: 120, 3: 10, 4: 10, 5: 100, 6: 100})
    assert made.waiting() == {4, 5, 6}
    clock.now += 5
    assert made.waiting() == {0, 1, 2, 3}


def test_a_place_is_free_for_the_next_when_a_partition_caught_up() -> None:
    made, _ = turns(far(0, 1, 2, 3))
    made.caught_up(0)
    made.caught_up(7)
    assert made.waiting() == {3}


def test_everyone_has_a_turn() -> None:
    made, clock = turns(far(*range(5)))
    read: set[int] = set()
    for _ in range(3):
        read |= set(range(5)) - made.waiting()
        clock.now += 5
    assert read == set(range(5))


def test_a_turn_lasts_until_its_end() -> None:
    made, clock = turns(far(0, 1, 2, 3))
    clock.now += 4.9
    made.note(far(0, 1, 2, 3, 9))
    assert made.waiting() == {2, 3, 9}


def test_whoever_is_still_behind_keeps_its_place() -> None:
    made, clock = turns(far(3, 4, 5))
    clock.now += 5
    assert made.waiting() == {4}
    made.note(far(0, 3, 4, 5))
    assert made.waiting() == {0, 4}
