import contextlib
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from streams.analysis.deadline import Deadline, DeadlineExceededError, within

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
        _wait(0.1)


def _destroy_then_loop() -> None:
    _Careless()
    _loop()


@pytest.mark.parametrize("work", [_backtrack, _loop, _swallow_errors, _destroy_then_loop])
def test_a_runaway_is_interrupted_wherever_it_is(work: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "unraisablehook", lambda _lost: None)
    started = time.monotonic()
    with pytest.raises(DeadlineExceededError):
        within(Deadline(0.05), work)
    assert time.monotonic() - started < 5


@pytest.fixture(autouse=True)
def no_timer() -> Iterator[None]:
    """Set the test runner's own timer aside."""
    handler, timer = signal.getsignal(signal.SIGALRM), signal.setitimer(signal.ITIMER_REAL, 0)
    yield
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, *timer)


def test_what_ends_in_time_is_left_alone() -> None:
    assert within(Deadline(5.0), lambda: "done") == "done"
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_handler_and_timer_of_others_are_restored() -> None:
    def handler(_signal: int, _frame: object) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 60.0)
    try:
        within(Deadline(1.0), lambda: None)
        assert signal.getsignal(signal.SIGALRM) is handler
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 50.0
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_off_the_main_thread_there_is_no_deadline_and_no_error() -> None:
    done: list[str] = []

    def work() -> None:
        within(Deadline(0.0), lambda: done.append("ended"))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["ended"]


def test_an_inner_deadline_leaves_the_outer_in_force() -> None:
    def work() -> None:
        within(Deadline(5.0), lambda: None)
        _loop()

    with pytest.raises(DeadlineExceededError):
        within(Deadline(0.05), work)


def test_what_comes_later_keeps_its_share() -> None:
    limit, rang = Deadline(0.2, share=0.25), []

    def work() -> None:
        try:
            _loop()
        except DeadlineExceededError:
            rang.append(limit.left)
        limit.allow(1.0)
        rang.append(limit.left)
        _loop()

    with pytest.raises(DeadlineExceededError):
        within(limit, work)
    assert rang[0] <= 0 < rang[1]
    assert limit.left <= 0


def test_time_that_is_not_counted() -> None:
    limit = Deadline(0.05)

    def work() -> None:
        started = time.monotonic()
        limit.uncounted(lambda: _wait(0.1))
        assert time.monotonic() - started >= 0.1
        assert limit.left > 0
        _loop()

    with pytest.raises(DeadlineExceededError):
        within(limit, work)


def _wait(seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        pass


@pytest.mark.parametrize("microseconds", range(0, 400, 7))
def test_wherever_it_rings_nothing_rings_afterwards(microseconds: int) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with contextlib.suppress(DeadlineExceededError):
        within(Deadline(microseconds / 1e6), lambda: sum(range(2000)))
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    signal.raise_signal(signal.SIGALRM)


def test_waiting_for_the_processor_is_no_work() -> None:
    within(Deadline(0.5), lambda: time.sleep(0.7))


def test_the_clock_on_the_wall_ends_what_never_gets_the_processor() -> None:
    with pytest.raises(DeadlineExceededError):
        within(Deadline(0.2), lambda: time.sleep(60))
