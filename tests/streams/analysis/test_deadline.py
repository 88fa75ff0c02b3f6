import contextlib
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from streams.analysis.deadline import DeadlineExceededError, deadline

_EXPONENTIAL = re.compile(r"(a|a)+$")


def _backtrack() -> None:
    _EXPONENTIAL.match("a" * 40 + "b")


def _loop() -> None:
    while True:
        pass


def _swallow_errors() -> None:
    while True:
        with contextlib.suppress(Exception):
            _backtrack()


class _Careless:
    """An object whose destructor takes its time: what is raised in there is lost."""

    def __del__(self) -> None:
        ends = time.monotonic() + 0.1
        while time.monotonic() < ends:
            pass


def _destroy_then_loop() -> None:
    _Careless()
    _loop()


@pytest.mark.parametrize("work", [_backtrack, _loop, _swallow_errors, _destroy_then_loop])
def test_a_runaway_is_interrupted_wherever_it_is(work: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "unraisablehook", lambda _lost: None)
    started = time.monotonic()
    with pytest.raises(DeadlineExceededError), deadline(0.05):
        work()
    assert time.monotonic() - started < 5


@pytest.fixture(autouse=True)
def no_timer() -> Iterator[None]:
    """Set the test runner's own timer aside."""
    handler, timer = signal.getsignal(signal.SIGALRM), signal.setitimer(signal.ITIMER_REAL, 0)
    yield
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, *timer)


def test_what_ends_in_time_is_left_alone() -> None:
    with deadline(5.0):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_handler_and_timer_of_others_are_restored() -> None:
    def handler(_signal: int, _frame: object) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 60.0)
    try:
        with deadline(1.0):
            pass
        assert signal.getsignal(signal.SIGALRM) is handler
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 50.0
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_off_the_main_thread_there_is_no_deadline_and_no_error() -> None:
    done: list[str] = []

    def work() -> None:
        with deadline(0.001):
            done.append("ended")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["ended"]


def test_an_inner_block_leaves_the_outer_deadline_in_force() -> None:
    with deadline(0.05):
        with deadline(5.0):
            pass
        with pytest.raises(DeadlineExceededError):
            _loop()


def test_what_comes_later_keeps_its_share() -> None:
    started = time.monotonic()
    with deadline(0.2, share=0.25) as limit:
        with pytest.raises(DeadlineExceededError):
            _loop()
        first = time.monotonic() - started
        limit.allow(1.0)
        with pytest.raises(DeadlineExceededError):
            _loop()
    assert first < 0.2 <= time.monotonic() - started


def test_a_timer_set_for_a_share_rings_for_the_whole() -> None:
    with deadline(0.1, share=0.25) as limit:
        limit.allow(1.0)
        with pytest.raises(DeadlineExceededError):
            _loop()
        assert limit.left <= 0


def test_the_clock_can_be_stopped() -> None:
    with deadline(0.05) as limit:
        with limit.paused():
            ends = time.monotonic() + 0.1
            while time.monotonic() < ends:
                pass
        assert limit.left > 0
        with pytest.raises(DeadlineExceededError):
            _loop()
