"""How a process starts, is told to stop, and ends."""

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from runtime.errors import ConfigurationError
from runtime.log import get_logger

EXIT_CONFIGURATION = 78
"""EX_CONFIG of sysexits.h: restarting will not help."""
EXIT_DEFECT = 70
"""EX_SOFTWARE of sysexits.h: a supervisor should restart the process."""

log = get_logger(__name__)


class Shutdown:
    """Turns SIGTERM and SIGINT into an event that loops look at; a second signal ends the process at once."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def install(self) -> None:
        """Take over both signals; call from the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def request(self) -> None:
        """Ask for a drain, as a signal would."""
        self._event.set()

    @property
    def requested(self) -> bool:
        """Whether a drain was asked for."""
        return self._event.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until a drain is asked for, at most `timeout` seconds; return whether it was."""
        return self._event.wait(timeout)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._event.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        self._event.set()


def run(main: Callable[[], None]) -> None:
    """Run a process's main function and exit with a code that tells its supervisor what happened."""
    try:
        main()
    except ConfigurationError as error:
        log.error("configuration", error=str(error))  # noqa: TRY400 - the operator needs the cure, not a traceback
        sys.exit(EXIT_CONFIGURATION)
    except Exception:
        log.exception("crashed")
        sys.exit(EXIT_DEFECT)
