from producers.wall_clock import WallClock


class Time:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_only_a_step_back_is_one_and_it_is_told_once() -> None:
    wall, monotonic = Time(), Time()
    clock = WallClock(wall=wall, monotonic=monotonic)
    told = []
    for step_of_wall, step_of_monotonic in ((5, 5), (-3600, 1), (1, 1), (86_400, 1), (0.9, 1), (0, 60)):
        wall.now += step_of_wall
        monotonic.now += step_of_monotonic
        told.append(clock.was_set_back())
    assert told == [False, True, False, False, False, True]
