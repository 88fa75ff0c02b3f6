"""What a person sees of a child's warnings: not the harmless ones, and not a flood."""

import re
import time
from collections.abc import Callable
from pathlib import Path

_FEW = 5
_WHILE = 10.0


class Complaints:
    """Passes a child's warnings and errors on, a few of them in a while."""

    def __init__(
        self,
        say: Callable[[str], None],
        *,
        log: Path,
        harmless: re.Pattern[str] | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Say a few lines in a while, then only where the rest is: in `log`."""
        self._say = say
        self._log = log
        self._harmless = harmless
        self._clock = clock
        self._begin = float("-inf")
        self._said = 0

    def add(self, line: str) -> None:
        """Say the line, unless it is harmless or one too many."""
        if self._harmless is not None and self._harmless.search(line):
            return
        now = self._clock()
        if now - self._begin > _WHILE:
            self._begin, self._said = now, 0
        self._said += 1
        if self._said <= _FEW:
            self._say(line)
        elif self._said == _FEW + 1:
            self._say(f"... and more: {self._log}")
