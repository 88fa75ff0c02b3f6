import pytest

from cli.stack.restarts import Deaths, RestartPolicy


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


POLICY = RestartPolicy(first_delay=1.0, longest_delay=5.0, jitter=0.1, deaths=4, window=60.0)


def delays(count: int) -> list[float]:
    deaths = Deaths(POLICY, clock=Clock())
    result = []
    for _ in range(count):
        deaths.record()
        result.append(deaths.delay())
    return result


def test_delays_double_up_to_the_longest() -> None:
    assert delays(5) == [pytest.approx(plain, rel=0.1) for plain in (1, 2, 4, 5, 5)]


def test_delays_vary() -> None:
    assert len({delays(1)[0] for _ in range(20)}) > 1


def test_too_many_deaths_within_the_window() -> None:
    deaths = Deaths(POLICY, clock=Clock())
    for _ in range(3):
        deaths.record()
    assert not deaths.too_many
    deaths.record()
    assert deaths.too_many


def test_old_deaths_are_forgotten() -> None:
    clock = Clock()
    deaths = Deaths(POLICY, clock=clock)
    for _ in range(10):
        deaths.record()
        clock.now += 20.0
    assert not deaths.too_many
