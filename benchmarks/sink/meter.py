"""What writing a backlog costs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import psutil


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the clock and of the processor for all rows of a backlog."""

    rows: int
    seconds: float
    client_cpu: float
    """Of the process between Kafka and ClickHouse."""
    server_cpu: float
    """Of ClickHouse, with the merges it does meanwhile."""
    client_peak_bytes: int = 0
    """Of the client's resident memory, at its most."""

    @property
    def rows_per_second(self) -> float:
        """Rows a second of the clock."""
        return self.rows / self.seconds

    @property
    def cpu_us(self) -> float:
        """Microseconds of processor time a row, client and server together."""
        return 1e6 * (self.client_cpu + self.server_cpu) / self.rows


class Meter:
    """Measures two processes from its making on."""

    def __init__(self, client: psutil.Process, server: psutil.Process) -> None:
        self._client, self._server = client, server
        self._peak = 0
        self._began = self._now()

    def look(self) -> None:
        """Note the client's memory."""
        self._peak = max(self._peak, self._client.memory_info().rss)

    def cost(self, rows: int) -> Cost:
        """Return what was spent so far, for this many rows."""
        self.look()
        seconds, client, server = (now - then for now, then in zip(self._now(), self._began, strict=True))
        return Cost(rows, seconds, client, server, self._peak)

    def _now(self) -> tuple[float, float, float]:
        return time.perf_counter(), _cpu(self._client), _cpu(self._server)


def figures(costs: Sequence[Cost]) -> dict[str, float]:
    """Return what to print of several rounds: medians, and the largest memory."""
    return {
        "rows_per_second": round(median(cost.rows_per_second for cost in costs)),
        "client_cpu_us": round(median(1e6 * cost.client_cpu / cost.rows for cost in costs), 1),
        "server_cpu_us": round(median(1e6 * cost.server_cpu / cost.rows for cost in costs), 1),
        "client_peak_mib": max(cost.client_peak_bytes for cost in costs) >> 20,
    }


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
