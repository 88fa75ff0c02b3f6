"""What the processes cost while something is measured."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.end_to_end.clock import now

_MIB = 1 << 20


class Meter:
    """Measures processes, each with its children, from its making on."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = processes
        self._begun = now()
        self._before = self._costs()

    def shares(self) -> dict[str, dict[str, float]]:
        """Return what each process took so far, and its memory now.

        That is its time on a core and its living threads' time in wait for one, in percent of the time that has
        passed. Waiting tells how much of the latencies is the machine's other work.
        """
        elapsed, after = (now() - self._begun) / 1e3, self._costs()
        return {name: self._shares(name, after[name], elapsed) for name in self._processes}

    def cpu_us_per_event(self, events: int) -> dict[str, int]:
        """Return each process's time on a core so far, by so many events, in microseconds."""
        after = self._costs()
        return {name: round(1e6 * (after[name][0] - self._before[name][0]) / events) for name in self._processes}

    def _shares(self, name: str, after: tuple[float, float], elapsed: float) -> dict[str, float]:
        running, waiting = (
            round(100 * max(0.0, late - early) / elapsed, 1)
            for early, late in zip(self._before[name], after, strict=True)
        )
        resident = _total(self._processes[name], lambda process: process.memory_info().rss)
        return {"cpu_percent": running, "wait_percent": waiting, "rss_mib": round(resident / _MIB)}

    def _costs(self) -> dict[str, tuple[float, float]]:
        return {
            name: (_total(pid, lambda process: sum(process.cpu_times()[:2])), _total(pid, _waited))
            for name, pid in self._processes.items()
        }


def _total(pid: int, figure: Callable[[psutil.Process], float]) -> float:
    """Return the sum of a figure over a process and its children, those left out that have just ended."""
    total = 0.0
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess, FileNotFoundError):
                total += figure(one)
    return total


def _waited(process: psutil.Process) -> float:
    """Return the seconds that threads were ready and no core was (the second field of Linux's schedstat)."""
    threads = Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[1]) for thread in threads) / 1e9
