from sinks.brake import Brake


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def brake() -> tuple[Brake, Clock]:
    clock = Clock()
    return Brake(100, clock=clock), clock


def test_it_is_off_up_to_the_limit() -> None:
    made, _ = brake()
    made.note(100, moves=True)
    assert not made.on


def test_what_is_brief_ends_below_the_limit() -> None:
    made, clock = brake()
    made.note(101, moves=True)
    clock.now += 0.9
    assert made.on
    assert not made.lasts
    made.note(100, moves=True)
    assert not made.on


def test_what_lasts_ends_when_half_is_free() -> None:
    made, clock = brake()
    made.note(101, moves=True)
    clock.now += 1.0
    assert made.lasts
    made.note(51, moves=True)
    assert made.lasts
    made.note(50, moves=True)
    assert not made.on


def test_where_nothing_moves_reading_goes_on() -> None:
    made, clock = brake()
    made.note(101, moves=True)
    clock.now += 2.0
    made.note(300, moves=False)
    assert not made.on
