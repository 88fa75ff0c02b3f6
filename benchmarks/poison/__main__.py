"""How much bad messages slow the good ones, and what becomes of each.

    python -m benchmarks.poison [--good 100000] [--poison 10000] [--large 20]

Sends the good events alone through a worker and a sink, then as many with poison among them, of the twelve kinds of
`benchmarks.poison.kinds`, each time on fresh topics of the broker that the tests would choose. The two kinds that are
large, and not bad, are among the good ones both times. Half of all goes past the worker, straight to the topic that the
sink reads, because the worker lets most kinds not pass.
Rates count from the first visible row to the last good one. Every message is accounted for: exactly one row, or
exactly one dead letter with its reason and its own bytes. Prints one JSON line; ends with 1 where one is not.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.poison.kinds import KINDS
from benchmarks.poison.load import Load
from benchmarks.poison.pipeline import Passage, Services, run
from tests.services.clickhouse import choose_clickhouse
from tests.services.kafka import choose_kafka
from tests.services.redis import choose_redis


def main() -> None:
    """Run both, print, and tell by the exit code whether all is accounted for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--good", type=int, default=100_000, help="events as agents send them")
    parser.add_argument("--poison", type=int, default=10_000, help="messages of the twelve kinds")
    parser.add_argument("--large", type=int, default=20, help="messages of each kind that is large")
    flags = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        kafka, redis_url, clickhouse_url = (
            stack.enter_context(source.start(folder))
            for source in (choose_kafka(), choose_redis(), choose_clickhouse())
        )
        services = Services(kafka, redis_url, clickhouse_url, folder)
        large = sum(kind.is_large for kind in KINDS) * flags.large
        alone = run(services, Load(flags.good, large, flags.large))
        beside = run(services, Load(flags.good, flags.poison, flags.large))
    print(json.dumps(_result(flags.good, flags.poison, alone, beside)))
    sys.exit(1 if beside.account.complaints else 0)


def _result(good: int, poison: int, alone: Passage, beside: Passage) -> dict[str, object]:
    account = beside.account
    return {
        "benchmark": "poison",
        "good": good,
        "poison": poison,
        "good_per_second": {"alone": round(good / alone.seconds), "beside_poison": round(good / beside.seconds)},
        "ratio": round(alone.seconds / beside.seconds, 2),
        "cpu_ratio": round(sum(alone.cpu_seconds.values()) / sum(beside.cpu_seconds.values()), 2),
        "cpu_seconds": {"alone": alone.cpu_seconds, "beside_poison": beside.cpu_seconds},
        "resident_mib": {"alone": alone.resident_mib, "beside_poison": beside.resident_mib},
        "dead_letters": dict(account.letters),
        "reasons": {kind: dict(reasons.most_common(4)) for kind, reasons in account.reasons.items()},
        "not_accounted_for": len(account.complaints),
        "complaints": account.complaints[:10],
        "machine": {"cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "processor": platform.machine()},
    }


if __name__ == "__main__":
    main()
