"""A process that hangs ends."""

import subprocess
import sys
import threading

import pytest

from runtime.lifecycle import EXIT_DEFECT
from streams import watchdog
from streams.watchdog import Watchdog


class Ended:
    """Stands for the end of the process."""

    def __init__(self) -> None:
        self.code: int | None = None
        self._event = threading.Event()

    def __call__(self, code: int) -> None:
        self.code = code
        self._event.set()

    def within(self, seconds: float) -> bool:
        return self._event.wait(seconds)


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "TICK_SECONDS", 0.01)


def test_who_is_not_patted_ends_the_process() -> None:
    ended = Ended()
    Watchdog(0.05, end=ended).start()
    assert ended.within(10)
    assert ended.code == EXIT_DEFECT


def test_who_is_patted_does_not_until_it_is_to_end() -> None:
    ended = Ended()
    dog = Watchdog(0.3, end=ended)
    dog.start()
    for _ in range(60):
        dog.pat()
        assert not ended.within(0.01)
    dog.end_within(0.1)
    dog.end_within(100)
    dog.pat()
    assert ended.within(10)


HANGS = """
import threading
from streams.watchdog import Watchdog
Watchdog(0.5).start()
threading.Thread(target=threading.Event().wait).start()
"""


def test_a_process_whose_thread_hangs_at_its_end_ends_with_every_threads_stack() -> None:
    ended = subprocess.run([sys.executable, "-c", HANGS], capture_output=True, timeout=60, check=False)
    assert ended.returncode == EXIT_DEFECT
    assert b"Thread 0x" in ended.stderr
