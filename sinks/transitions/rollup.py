"""The roll-up: from what people typed to what they typed next, a bounded number of arrivals at a time."""

from dataclasses import dataclass
from typing import Final

from runtime.log import get_logger
from sinks import metrics
from sinks.transitions.steps import Window, steps
from sinks.transitions.store import TransitionStore

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """One way over all arrivals, in the order in which they came."""

    name: str
    settled_seconds: float
    """How old an arrival is before the sweep takes it: rows become visible some time after their `inserted_at`."""


SWEEPS: Final = (Sweep("first", 2.0), Sweep("again", 120.0))
"""The second takes what an insert made visible after the first had passed; what counted then counts once."""


class RollUp:
    """Sweeps over what arrived. Several processes may do so at once: whatever is counted twice counts once."""

    def __init__(self, store: TransitionStore, *, rows: int, sweeps: tuple[Sweep, ...] = SWEEPS) -> None:
        """Take `rows` arrivals at a time, and those that arrived with the last of them."""
        self._store = store
        self._rows = rows
        self._sweeps = sweeps

    def run(self) -> bool:
        """Take the next arrivals of each sweep; return whether there were any.

        Raises:
            TransientError: ClickHouse did not answer; nothing is lost.
            ConfigurationError: a person must act.

        """
        taken = [self._advance(sweep) for sweep in self._sweeps]
        return any(taken)

    def _advance(self, sweep: Sweep) -> bool:
        since = self._store.done_until(sweep.name)
        until = self._store.next_arrival(since, rows=self._rows, settled_seconds=sweep.settled_seconds)
        if until is None:
            return False
        window = Window(since, until)
        written = self._store.write(steps(self._store.sittings(window), window))
        self._store.keep_done_until(sweep.name, until)
        metrics.STEPS.labels(sweep.name).inc(written)
        log.debug("rolled_up", sweep=sweep.name, steps=written)
        return True
