"""How long an event takes from `publish()` to a live subscriber, to a row and to an answer of the API.

    python -m benchmarks.end_to_end [--rates 100,1000,5000] [--seconds N] [--broker embedded] ...

Runs the whole local path as `netcopilot up` does (broker, Valkey, worker, sink, ClickHouse, API), an agent with the
project's own publisher and a live subscriber of each transport, all of them processes. The agent's loop is open:
events have their times whatever happens, and latencies count from those times, so that a stall is seen in all the
events that it delays. Events are a fleet's (see benchmarks.fleet and `load.py`); a share of their outputs was never
seen before.

Prints one JSON line a rate: latencies to SSE and WebSocket, to the visible row (every event, by polling how far each
partition has come) and to an answer of GET /v1/commands/{id} (some events, one after the other), what was lost or came
twice, what each hop took, and each process's share of a core, time in wait for one, and memory.
"""

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.end_to_end.agent import Schedule
from benchmarks.end_to_end.local import local_path
from benchmarks.end_to_end.report import report
from benchmarks.end_to_end.run import run
from cli.stack.jars import apache_kafka_is_available

_SAMPLES_EVERY = 100.0


def main() -> None:
    """Run every rate and print."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with local_path(
            folder, broker=arguments.broker, partitions=arguments.partitions, workers=arguments.workers
        ) as path:
            for number, rate in enumerate(arguments.rates):
                seen = run(
                    path,
                    _schedule(arguments, number, rate),
                    folder / "spool",
                    subscribers=arguments.subscribers,
                    patience=arguments.patience,
                )
                print(json.dumps({**report(seen), **_setting(arguments)}), flush=True)


def _schedule(arguments: argparse.Namespace, number: int, rate: int) -> Schedule:
    return Schedule(
        agent_id=f"end-to-end-{number}",
        rate=rate,
        events=round(arguments.seconds * rate),
        warm_up=round(arguments.warm_up * rate),
        new_share=arguments.new_percent / 100,
        seed=arguments.seed + number,
        sample_every=_SAMPLES_EVERY,
    )


def _setting(arguments: argparse.Namespace) -> dict[str, object]:
    return {"broker": arguments.broker, "partitions": arguments.partitions, "workers": arguments.workers}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rates", type=_numbers, default=[100, 1000, 5000], help="events a second, comma-separated")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each rate (10)")
    parser.add_argument("--warm-up", type=float, default=10.0, help="seconds before it that do not count (10)")
    parser.add_argument("--new-percent", type=float, default=10.0, help="outputs that were never seen before (10)")
    parser.add_argument("--partitions", type=int, default=8, help="of commands.executed and commands.analyzed (8)")
    parser.add_argument("--workers", type=int, default=1, help="worker processes (1)")
    parser.add_argument("--subscribers", type=int, default=0, help="more live subscribers, over SSE (0)")
    parser.add_argument("--patience", type=float, default=0, help="seconds to wait for a calm machine (0)")
    parser.add_argument("--seed", type=int, default=1, help="another run of another fleet (1)")
    parser.add_argument(
        "--broker", choices=("apache", "embedded"), default=_broker(), help="default: the best there is"
    )
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _broker() -> str:
    return "apache" if apache_kafka_is_available() else "embedded"


if __name__ == "__main__":
    main()
