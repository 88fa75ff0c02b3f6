"""Rows a second from Kafka to visible rows: the sink, beside the textbook and beside the limit.

    python -m benchmarks.sink [--rows N] [--rounds N] [--broker embedded] [--growth]

The same events are written three ways in the same run, into the same tables with the same views, emptied in between:
by the sink process (from the moment it knows where to read until ClickHouse counts all rows); by a plain loop of
confluent-kafka, fastavro and clickhouse-connect's row insert; and by ClickHouse itself, which reads them from one Avro
file on its disk: what no client can beat. No figure counts the start of a process or joining the group.
Prints one JSON line, medians of the rounds. Rows a second depend on what else the machine does; microseconds of
processor time (client and ClickHouse) hardly do. --growth prints the sink's cost by backlog and by partitions instead.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks.sink.avro_file import read_file, write_file
from benchmarks.sink.events import values
from benchmarks.sink.growth import growth
from benchmarks.sink.meter import Cost, figures
from benchmarks.sink.row_inserts import insert_rows
from benchmarks.sink.sink_process import run_sink
from benchmarks.sink.stage import Stage, open_stage


def main() -> None:
    """Run all and print one JSON line."""
    flags = _flags()
    with open_stage(embedded=flags.broker == "embedded") as stage:
        figures = growth(stage, flags.output_bytes) if flags.growth else _compared(stage, flags)
        machine = {"cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "processor": platform.machine()}
        print(json.dumps({"benchmark": "sink", "broker": stage.broker, **figures, "machine": machine}))


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000, help="events to write (200000)")
    parser.add_argument("--output-bytes", type=int, default=600, help="length of each event's output, about (600)")
    parser.add_argument("--partitions", type=int, default=4, help="of the topic (4)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds to take the median of (3)")
    parser.add_argument("--broker", choices=["kafka", "embedded"], default="kafka", help="Apache Kafka if it is there")
    parser.add_argument("--growth", action="store_true", help="backlogs of 1x, 10x, 100x and 1 to 64 partitions")
    return parser.parse_args()


def _compared(stage: Stage, flags: argparse.Namespace) -> dict[str, Any]:
    events = list(values(flags.rows, output_bytes=flags.output_bytes))
    backlog = stage.fill(events, partitions=flags.partitions)
    path = stage.folder / "rows.avro"
    write_file(path, events)
    ways: dict[str, Callable[[], Cost]] = {
        "sink": lambda: run_sink(stage, backlog),
        "decode_and_insert": lambda: insert_rows(stage, backlog),
        "avro_file": lambda: read_file(stage, path, backlog.rows),
    }
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(flags.rounds):
        for name, way in ways.items():
            stage.empty()
            costs[name].append(way())
            if stage.visible() != backlog.rows:
                raise RuntimeError(f"{name} made {stage.visible()} rows of {backlog.rows} events")
    rates = {name: median(cost.rows_per_second for cost in each) for name, each in costs.items()}
    return {
        "rows": backlog.rows,
        "partitions": backlog.partitions,
        "mean_value_bytes": sum(map(len, events)) // len(events),
        "rounds": flags.rounds,
        "ratio_to_decode_and_insert": round(rates["sink"] / rates["decode_and_insert"], 2),
        "ratio_to_avro_file": round(rates["sink"] / rates["avro_file"], 2),
        **{name: figures(each) for name, each in costs.items()},
    }


if __name__ == "__main__":
    main()
