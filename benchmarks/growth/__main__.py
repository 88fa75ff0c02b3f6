"""What an event costs the worker as backlogs, processes and partitions grow.

    python -m benchmarks.growth [--base N] [--broker embedded]

Outputs that were analysed before (those of `benchmarks.enrich`), worked off by the real `netcopilot worker`: a backlog
of 1, 10 and 100 times the base by one process, 1 to 4 processes on ten times the base, and 1 to 64 partitions. Prints
one JSON line for each of the three: microseconds of processor time an event, all processes together; by which part of
itself that grows when the cause grows tenfold (`growth_per_tenfold`, 0 is flat); and the resident memory of the largest
process.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle, islice
from typing import Any, Final

from benchmarks.enrich.contender import WORKER
from benchmarks.enrich.load import Message, known
from benchmarks.enrich.meter import Cost
from benchmarks.enrich.race import prime, race, relay
from benchmarks.enrich.stage import Stage, open_stage
from benchmarks.growth.slope import per_tenfold

PARTITIONS: Final = 8
DISTINCT_EVENTS: Final = 20_000
"""Longer backlogs repeat them."""


def main() -> None:
    """Measure all and print."""
    flags = _flags()
    load = known(min(DISTINCT_EVENTS, 100 * flags.base))

    def backlog(times: int) -> Sequence[Message]:
        return list(islice(cycle(load.messages), times * flags.base))

    with open_stage(embedded=flags.broker == "embedded") as stage:
        prime(stage, WORKER, load.primer)
        for name, measured in _series(stage, backlog):
            print(
                json.dumps({"benchmark": "growth", "broker": stage.broker, "of": name, **_figures(measured)}),
                flush=True,
            )


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=int, default=5_000, help="events of the smallest backlog (5000)")
    parser.add_argument("--broker", choices=["kafka", "embedded"], default="kafka", help="Apache Kafka if it is there")
    return parser.parse_args()


def _series(stage: Stage, backlog: Callable[[int], Sequence[Message]]) -> Iterator[tuple[str, Mapping[int, Cost]]]:
    yield "backlog", {n: race(stage, WORKER, backlog(n), partitions=PARTITIONS)[0] for n in (1, 10, 100)}
    yield (
        "processes",
        {n: relay(stage, WORKER, backlog(10), partitions=PARTITIONS, processes=n) for n in (1, 2, 3, 4)},
    )
    yield "partitions", {n: race(stage, WORKER, backlog(10), partitions=n)[0] for n in (1, 4, 16, 64)}


def _figures(measured: Mapping[int, Cost]) -> dict[str, Any]:
    return {
        "cpu_us": {n: round(cost.cpu_us, 2) for n, cost in measured.items()},
        "growth_per_tenfold": round(per_tenfold({n: cost.cpu_us for n, cost in measured.items()}), 3),
        "events_per_second": {n: round(cost.events_per_second) for n, cost in measured.items()},
        "largest_mb": {n: cost.largest_bytes >> 20 for n, cost in measured.items()},
        "machine": {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "processor": platform.machine()},
    }


if __name__ == "__main__":
    main()
