"""Events a second of one worker process, beside the same work in stock Faust and in Quix Streams.

    python -m benchmarks.enrich [--events N] [--mixed-events N] [--only known|mixed]
                                [--rounds N] [--broker embedded]

Two backlogs made of recorded outputs (`../shared/corpora`, or where NETCOPILOT_CORPORA points): `known`, whose outputs
were all analysed before, and `mixed`, a fleet's day on which numbers and names differ with nearly every run. On one
broker and one Redis work, in turn: the real `netcopilot worker` with its own settings; the textbook's Faust application
(Records, one agent, a Redis GET for each event, SET where it was analysed); the same in Quix Streams, with its own
releases of the libraries and our engine; and, on `known`, a librdkafka loop that only reads. All are given the same
messages (slow ones fewer of them) and must make the same records of them. Prints one JSON line for each backlog,
medians of the rounds.
Events a second depend on what else the machine does; microseconds of processor time (`cpu_us`) hardly do.
"""

import argparse
import json
import os
import platform
from collections.abc import Sequence
from typing import Any, Final

from benchmarks.enrich.agreement import Said, check_agreement
from benchmarks.enrich.contender import FAUST, QUIX, WORKER, Contender
from benchmarks.enrich.load import Backlog, Message, known, mixed
from benchmarks.enrich.meter import Cost
from benchmarks.enrich.race import prime, race, read_only
from benchmarks.enrich.stage import Stage, open_stage

PARTITIONS: Final = 8
PEERS: Final = (FAUST, QUIX)
READER: Final = "librdkafka_reader"


def main() -> None:
    """Run all and print."""
    flags = _flags()
    made = {"known": lambda: known(flags.events), "mixed": lambda: mixed(flags.mixed_events)}
    with open_stage(embedded=flags.broker == "embedded") as stage:
        for name in [flags.only] if flags.only else made:
            backlog = made[name]()
            print(json.dumps(_measured(stage, backlog, flags.rounds)), flush=True)


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000, help="events with known outputs (200000)")
    parser.add_argument("--mixed-events", type=int, default=4_000, help="events of the mixed backlog (4000)")
    parser.add_argument("--only", choices=["known", "mixed"], help="one of the two backlogs")
    parser.add_argument("--rounds", type=int, default=3, help="rounds to take the median of (3)")
    parser.add_argument("--broker", choices=["kafka", "embedded"], default="kafka", help="Apache Kafka if it is there")
    return parser.parse_args()


def _measured(stage: Stage, backlog: Backlog, rounds: int) -> dict[str, Any]:
    """Return the figures of a backlog: the median of each contender's rounds."""
    stage.forget_analyses()
    for contender in (WORKER, *PEERS) if backlog.primer else ():
        prime(stage, contender, backlog.primer)
    costs: dict[str, list[Cost]] = {name: [] for name in (WORKER.name, *(peer.name for peer in PEERS), READER)}
    for _ in range(rounds):
        if backlog.primer:
            costs[READER].append(read_only(stage, backlog.messages, partitions=PARTITIONS))
        reference = _run(stage, backlog, WORKER, costs)
        for peer in PEERS:
            check_agreement(peer.name, _run(stage, backlog, peer, costs), reference)
    return {
        "benchmark": "enrich",
        "backlog": backlog.name,
        "broker": stage.broker,
        "partitions": PARTITIONS,
        "mean_value_bytes": backlog.mean_bytes,
        **_figures({name: _median(each) for name, each in costs.items() if each}),
        "machine": {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "processor": platform.machine()},
    }


def _run(stage: Stage, backlog: Backlog, contender: Contender, costs: dict[str, list[Cost]]) -> list[Said]:
    """Measure a contender once; return what it said."""
    messages = _given(backlog, contender)
    if not backlog.primer:
        stage.forget_analyses()
    cost, said = race(stage, contender, messages, partitions=PARTITIONS)
    costs[contender.name].append(cost)
    return said


def _given(backlog: Backlog, contender: Contender) -> Sequence[Message]:
    share = contender.share if backlog.primer else 1.0
    return backlog.messages[: int(share * len(backlog.messages))]


def _median(costs: Sequence[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.cpu_us)[len(costs) // 2]


def _figures(costs: dict[str, Cost]) -> dict[str, Any]:
    ours, reader = costs[WORKER.name], costs.get(READER)
    return {
        "contenders": {name: _shown(cost) for name, cost in costs.items()},
        "times_events_per_second": {
            peer.name: round(ours.events_per_second / costs[peer.name].events_per_second, 1) for peer in PEERS
        },
        "times_cpu": {peer.name: round(costs[peer.name].cpu_us / ours.cpu_us, 1) for peer in PEERS},
        **({"share_of_reader": round(ours.events_per_second / reader.events_per_second, 3)} if reader else {}),
    }


def _shown(cost: Cost) -> dict[str, Any]:
    return {
        "events": cost.events,
        "events_per_second": round(cost.events_per_second),
        "cpu_us": round(cost.cpu_us, 2),
        "largest_mb": cost.largest_bytes >> 20,
    }


if __name__ == "__main__":
    main()
