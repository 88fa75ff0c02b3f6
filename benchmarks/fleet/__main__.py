"""How much of a fleet's day the caches answer, and whether they answer right.

    python -m benchmarks.fleet [--hours N] [--devices N] [--full] [--seed N]

200 devices run recorded commands (`../shared/corpora`, or where NETCOPILOT_CORPORA points) every 1 to 15 minutes;
counters, ages, times and round trips differ with every run, rows move at times, and 2 % of the runs stand in an
incident. Two hours by default, 24 with --full: what is new costs once, so that a longer time only looks better.
Prints one JSON line: the share of events by the level that knew them (output: the very same output was analysed within
the hour; fingerprint: the same was said of another output; none: new), model calls per 1,000 events where all verdicts
are explained and where only outputs with findings are, and wrong hits against a fresh analysis of every event; beside
them a cache of verbatim outputs, for which every new output is a call.
"""

import argparse
import json
import os
import platform
import time
from random import Random
from typing import Any

from benchmarks.fleet.day import INCIDENT_SHARE, runs
from benchmarks.fleet.devices import checks_of
from benchmarks.fleet.ledger import Ledger
from streams.settings import WorkerSettings


def main() -> None:
    """Replay and print."""
    arguments = _arguments()
    hours = 24 if arguments.full else arguments.hours
    random = Random(arguments.seed)
    ledger = Ledger(output_ttl=WorkerSettings().output_cache_ttl)
    started = time.process_time()
    for run in runs(checks_of(arguments.devices, random), 60 * hours, random):
        ledger.enter(run)
    result = {
        "benchmark": "fleet",
        "devices": arguments.devices,
        "hours": hours,
        "incident_share": INCIDENT_SHARE,
        **_figures(ledger),
        "cpu_seconds": round(time.process_time() - started),
        "machine": {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "processor": platform.machine()},
    }
    print(json.dumps(result))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=2, help="length of the replay (2)")
    parser.add_argument("--devices", type=int, default=200, help="size of the fleet (200)")
    parser.add_argument("--full", action="store_true", help="all 24 hours")
    parser.add_argument("--seed", type=int, default=1, help="another day of another fleet (1)")
    return parser.parse_args()


def _figures(ledger: Ledger) -> dict[str, Any]:
    counts = ledger.counts
    events = counts["events"]
    share = {name: round(100 * counts[name] / events, 2) for name in ("output", "fingerprint", "none")}
    per_thousand = {name: round(1000 * counts[name] / events, 2) for name in ("none", "calls", "verbatim_calls")}
    return {
        "events": events,
        "percent_by_level": share,
        "percent_without_model_or_wait": round(100 - share["none"], 2),
        "calls_per_1000": {"all_verdicts": per_thousand["none"], "with_findings": per_thousand["calls"]},
        "wrong_hits": {"output": counts["wrong_output_hits"], "fingerprint": counts["wrong_fingerprint_hits"]},
        "incidents": counts["incidents"],
        "incidents_noticed_percent": round(100 * counts["incidents_noticed"] / max(1, counts["incidents"]), 1),
        "verbatim": {
            "percent_hits": round(100 * counts["verbatim_hits"] / events, 2),
            "calls_per_1000": {
                "all_verdicts": round(1000 * (events - counts["verbatim_hits"]) / events, 2),
                "with_findings": per_thousand["verbatim_calls"],
            },
        },
    }


if __name__ == "__main__":
    main()
