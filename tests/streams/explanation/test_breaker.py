from dataclasses import dataclass

from streams.explanation.breaker import Breaker


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker(failures=2, rest=10, clock=Clock())
    breaker.fail()
    breaker.succeed()
    breaker.fail()
    assert not breaker.is_open()
    breaker.fail()
    assert breaker.is_open()


def test_after_its_rest_one_probe_goes_through_and_decides() -> None:
    clock = Clock()
    breaker = Breaker(failures=1, rest=10, clock=clock)
    breaker.fail()
    clock.now += 11
    assert not breaker.is_open()
    breaker.begin()
    assert breaker.is_open(), "nobody else while the probe is under way"
    breaker.fail()
    assert breaker.is_open()
    clock.now += 11
    breaker.begin()
    breaker.succeed()
    assert not breaker.is_open()
