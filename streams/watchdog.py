"""The last resort against a process that hangs."""

import faulthandler
import os
import sys
import threading
import time
from collections.abc import Callable

from runtime.lifecycle import EXIT_DEFECT
from runtime.log import get_logger

log = get_logger(__name__)

TICK_SECONDS = 0.5


class Watchdog:
    """Ends the process when nobody pats it for `seconds`, from a thread of its own.

    It counts its own ticks: time in which the whole process was stopped does not count. What every thread was doing
    goes to standard error first.
    """

    def __init__(self, seconds: float, *, end: Callable[[int], object] = os._exit) -> None:
        self._most = seconds
        self._ticks = 0
        self._final = False
        self._end = end
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch, until the process ends."""
        self._thread.start()

    def pat(self) -> None:
        """Tell that the event loop turns."""
        if not self._final:
            self._ticks = 0

    def end_within(self, seconds: float) -> None:
        """End the process in so many seconds unless it ends before; the first call counts."""
        if not self._final:
            self._most, self._ticks, self._final = seconds, 0, True

    def _watch(self) -> None:
        while self._ticks * TICK_SECONDS <= self._most:
            time.sleep(TICK_SECONDS)
            self._ticks += 1
        log.critical("hung", seconds=self._most, ending=self._final)
        faulthandler.dump_traceback(sys.stderr)
        self._end(EXIT_DEFECT)
