"""When to stop reading because too much is held, and for how long that is still brief."""

import time
from collections.abc import Callable

_PATIENCE = 1.0


class Brake:
    """Is on from the moment that more than `limit` bytes are held.

    At first reading just waits. Once that `lasts` a second, partitions are to be paused, so that the membership is
    served meanwhile: pausing throws away what was fetched ahead. Then the brake is off again when half is free.
    """

    def __init__(self, limit: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._since: float | None = None

    @property
    def on(self) -> bool:
        """Whether nothing more is to be read now."""
        return self._since is not None

    @property
    def lasts(self) -> bool:
        """Whether that has been so for longer than reading can just wait."""
        return self._since is not None and self._clock() - self._since >= _PATIENCE

    def note(self, held: int, *, moves: bool) -> None:
        """Note the bytes held, and whether some of them are on their way out: else only reading on can help."""
        if not moves or held <= (self._limit // 2 if self.lasts else self._limit):
            self._since = None
        elif self._since is None:
            self._since = self._clock()
