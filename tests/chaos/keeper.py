"""Keeps the processes of a run alive, as a supervisor of services does."""

import time
from collections import Counter
from collections.abc import Callable

from cli.stack.restarts import Deaths, RestartPolicy
from tests.services.child import Child

_LOOK_SECONDS = 0.25
_POLICY = RestartPolicy()


class Keeper:
    """Starts what is dead again, whenever somebody waits with it: all of it happens on one thread."""

    def __init__(self) -> None:
        self.crashes: Counter[str] = Counter()
        """How often processes ended that nobody killed, by name and exit code."""
        self._deaths: dict[Child, Deaths] = {}
        self._due: dict[Child, float] = {}

    def keep(self, child: Child) -> None:
        """Keep it running from now on; start it if it does not run."""
        self._deaths[child] = Deaths(_POLICY)
        if not child.runs:
            child.start()

    def kill(self, child: Child, *, away: float) -> None:
        """Kill it and let it come back no sooner than after so many seconds."""
        child.kill()
        self._due[child] = time.monotonic() + away

    def retire(self, child: Child) -> None:
        """Ask it to end, and keep it no longer."""
        del self._deaths[child]
        self._due.pop(child, None)
        child.stop()

    def until(self, condition: Callable[[], bool], *, within: float) -> bool:
        """Wait until it holds, for so many seconds at most; return whether it does."""
        deadline = time.monotonic() + within
        while not condition():
            if time.monotonic() > deadline:
                return False
            self._look()
            time.sleep(_LOOK_SECONDS)
        return True

    def pass_time(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.until(lambda: False, within=seconds)

    def all_run(self) -> bool:
        """Tell whether every process runs and says that it is ready."""
        return all(child.runs and child.spec.ready() for child in self._deaths)

    def kill_all(self) -> None:
        """End everything at once."""
        for child in self._deaths:
            child.kill()

    def _look(self) -> None:
        for child, deaths in self._deaths.items():
            if child.runs:
                continue
            if child not in self._due:
                self.crashes[f"{child.spec.name} ended with {child.returncode}"] += 1
                deaths.record()
                self._due[child] = time.monotonic() + deaths.delay()
            if time.monotonic() >= self._due[child]:
                del self._due[child]
                child.start()
