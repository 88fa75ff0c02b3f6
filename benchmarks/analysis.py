"""What an analysis costs, beside calling the parsing library directly as its documentation shows.

    python -m benchmarks.analysis [ROUNDS]

Over the recorded outputs (`../shared/corpora`, or where NETCOPILOT_CORPORA points), on one core: the whole analysis
(parse, rules, summary, fingerprint; no cache of results), and the parse alone, beside `jc.parse`, ntc-templates'
`parse_output`, or `json.loads` where the output is JSON. All are warm; an output's processor time is its best of ROUNDS
(3). Ratios are ours by theirs, per output. Then outputs made to hurt, each against the deadline. Prints one JSON line.
"""

import gzip
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jc
from ntc_templates.parse import parse_output

from streams.analysis import Engine, Execution
from streams.analysis.deadline import Deadline, DeadlineExceededError, within
from streams.analysis.document import read_document
from streams.analysis.parsers.reader import reader_of

CORPORA = Path(os.environ.get("NETCOPILOT_CORPORA") or Path(__file__).parents[2] / "shared" / "corpora")
DEADLINE_SECONDS = 0.25
VLANS = "Vlan       Name                   Ports                Type     Authorization\n"
ENGINE = Engine(DEADLINE_SECONDS)


@dataclass(frozen=True, slots=True)
class Sample:
    """One output: its analysis, and the direct call on the same text (None: no library reads it)."""

    execution: Execution
    direct: Callable[[], Any] | None


@dataclass(frozen=True, slots=True)
class Timing:
    """Processor seconds of a sample: analysis, its parse, the direct call. `cut`: it reached the deadline."""

    ours: float
    parse: float
    direct: float | None
    cut: bool


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    result = {
        "benchmark": "analysis",
        "corpora": {
            name: _summary([_timing(sample, rounds) for sample in samples(_rows(name))])
            for name, samples in {"ntc_templates": _ntc, "jc": _jc, "suzieq": _suzieq}.items()
        },
        "pathological": _pathological(),
        "machine": {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "processor": platform.machine()},
    }
    print(json.dumps(result))


def _rows(name: str) -> list[dict[str, Any]]:
    with gzip.open(CORPORA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _ntc(rows: list[dict[str, Any]]) -> Iterator[Sample]:
    for row in rows:
        yield Sample(_execution(row, row["platform"]), _direct_ntc(row["platform"], row["command"], row["output"]))


def _jc(rows: list[dict[str, Any]]) -> Iterator[Sample]:
    for row in rows:
        yield Sample(_execution(row, row["os_type"]), _direct_jc(row["parser"], row["output"]))


def _suzieq(rows: list[dict[str, Any]]) -> Iterator[Sample]:
    for row in rows:
        execution = _execution(row, row["os_type"])
        yield Sample(execution, _direct_of(execution))


def _direct_of(execution: Execution) -> Callable[[], Any] | None:
    """Return the call that a user of the libraries would make for the parser that the analysis chose."""
    library, _, parser = ENGINE.analyze(execution, deadline=30.0).parser.partition(":")
    reader = reader_of(execution.os_type, execution.command)
    calls = {
        "json": _direct_json(execution.output),
        "jc": _direct_jc(parser, execution.output),
        "ntc": _direct_ntc(reader.platform.ntc, reader.command.plain, execution.output),
    }
    return calls.get(library)


def _execution(row: dict[str, Any], os_type: str) -> Execution:
    return Execution("tenant", os_type, row["command"], "OK", 0, row["output"])


def _direct_ntc(platform_name: str, command: str, output: str) -> Callable[[], Any]:
    return lambda: parse_output(platform=platform_name, command=command, data=output)


def _direct_jc(parser: str, output: str) -> Callable[[], Any]:
    return lambda: jc.parse(parser, output, quiet=True)


def _direct_json(output: str) -> Callable[[], Any]:
    return lambda: json.loads(output)


def _timing(sample: Sample, rounds: int) -> Timing:
    cut = ENGINE.analyze(sample.execution).parse_status == "TIMEOUT"
    ours = _best(lambda: ENGINE.analyze(sample.execution), rounds)
    parse = _best(lambda: _parse(sample.execution), rounds)
    return Timing(ours, parse, sample.direct and _best(sample.direct, rounds), cut)


def _parse(execution: Execution) -> None:
    """Do what the engine does up to the parse."""
    reader, limit = reader_of(execution.os_type, execution.command), Deadline(DEADLINE_SECONDS)
    with suppress(DeadlineExceededError):
        within(limit, lambda: reader.parse(read_document(execution.output, reader.command), limit))


def _best(action: Callable[[], Any], rounds: int) -> float:
    """Return the shortest processor time of several runs; a library that raises is timed until it does."""
    shortest = float("inf")
    for _ in range(rounds + 1):
        started = time.process_time()
        with suppress(Exception):
            action()
        shortest = min(shortest, time.process_time() - started)
    return shortest


def _summary(timings: Sequence[Timing]) -> dict[str, Any]:
    compared = [(timing.ours, timing.parse, timing.direct) for timing in timings if timing.direct is not None]
    return {
        "outputs": len(timings),
        "compared": len(compared),
        "timeouts": sum(timing.cut for timing in timings),
        "ms": _spread([1e3 * timing.ours for timing in timings]),
        "parse_ms": _spread([1e3 * timing.parse for timing in timings]),
        "direct_ms": _spread([1e3 * direct for *_, direct in compared]),
        "ratio": _spread([ours / direct for ours, _, direct in compared]),
        "parse_ratio": _spread([parse / direct for _, parse, direct in compared]),
        "total_ratio": round(sum(ours for ours, *_ in compared) / sum(direct for *_, direct in compared), 3),
        "outputs_per_second": round(len(timings) / sum(timing.ours for timing in timings)),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {"median": round(statistics.median(ordered), 4), "p95": round(ordered[int(0.95 * len(ordered))], 4)}


def _pathological() -> dict[str, Any]:
    """Return the longest analysis of outputs that are made to take long, in wall-clock and in processor time."""
    spent = {name: _once(execution) for name, execution in _hostile()}
    worst = max(spent, key=lambda name: spent[name])
    return {
        "outputs": len(spent),
        "deadline_ms": 1e3 * DEADLINE_SECONDS,
        "worst": worst,
        "worst_ms": round(1e3 * spent[worst][0], 1),
        "worst_processor_ms": round(1e3 * max(processor for _, processor in spent.values()), 1),
        "over_deadline": sum(wall > DEADLINE_SECONDS for wall, _ in spent.values()),
    }


def _once(execution: Execution) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    ENGINE.analyze(execution)
    return time.perf_counter() - wall, time.process_time() - processor


def _hostile() -> Iterator[tuple[str, Execution]]:
    texts = {f"1 MB of {character!r}": character * 1_000_000 for character in " a-%{["}
    texts |= {"200,000 interfaces": "Eth1 is down, line protocol is down\n" * 200_000}
    texts |= {"200,000 addresses": "10.0.0.1   4 65001 0 0 1 0 0 never Idle\n" * 200_000}
    commands = {"ios": ("show interfaces", "show ip bgp summary"), "linux": ("ip addr", "df", "ping x")}
    for os_type, lines in commands.items():
        for command in lines:
            for name, text in texts.items():
                yield f"{command}: {name}", Execution("tenant", os_type, command, "OK", 0, text)
    for dashes in (26, 200):
        text = f"{VLANS}{'-' * dashes}x\n"
        yield f"show vlan: {dashes} dashes", Execution("tenant", "cisco_s300", "show vlan", "OK", 0, text)


if __name__ == "__main__":
    main()
