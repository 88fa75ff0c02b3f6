"""Whether fingerprints share what is alike and nothing else, over mutants of the recorded outputs; and what they cost.

    python -m benchmarks.fingerprints [--every N] [--longest CHARACTERS] [--details]

Every recorded output (`../shared/corpora`, or where NETCOPILOT_CORPORA points) is changed in each way that fits it
(`tests/streams/analysis/mutants`): drift, other names, another order, one more healthy row must keep the fingerprint;
loss, links and sessions that go down, crossed limits, failures must change it. A mutant that the engine judges
otherwise than intended counts apart. `clashes` are fingerprints that stand for two things anywhere in the run.
Prints one JSON line; `--details` adds counts by mutation.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from streams.analysis import Analysis, Engine, Execution
from streams.analysis.command_template import command_template
from streams.analysis.deadline import Deadline, within
from streams.analysis.document import read_document
from streams.analysis.fingerprint import Identity, Understanding, fingerprint
from streams.analysis.parsers.reader import reader_of
from tests.streams.analysis.corpora import as_execution, corpus
from tests.streams.analysis.mutants.faults.execution import EXECUTION_FAULTS
from tests.streams.analysis.mutants.score import Score, score

_CORPORA = ("suzieq", "ntc_templates", "jc")
_PATIENT_SECONDS = 10.0
_ENGINE = Engine(_PATIENT_SECONDS)
_TIMED = 400
_ROUNDS = 5


def main() -> None:
    """Score, measure and print."""
    arguments = _arguments()
    executions = list(_executions(arguments.every, arguments.longest))
    total = score(executions, _ENGINE.analyze)
    result = {
        "benchmark": "fingerprints",
        "outputs": len(executions),
        **_figures(total),
        **({"misjudged_by_mutation": total.misjudged, "own_by_mutation": total.own} if arguments.details else {}),
        "microseconds": _cost(executions[:: max(1, len(executions) // _TIMED)]),
        "machine": {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "processor": platform.machine()},
    }
    print(json.dumps(result))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take every n-th output (1)")
    parser.add_argument("--longest", type=int, default=60_000, help="leave out longer outputs (60000 characters)")
    parser.add_argument("--details", action="store_true", help="count by mutation")
    return parser.parse_args()


def _executions(every: int, longest: int) -> Iterator[Execution]:
    for name in _CORPORA:
        rows = [row for row in corpus(name) if len(row["output"]) <= longest]
        yield from map(as_execution, rows[::every])


def _figures(total: Score) -> dict[str, Any]:
    misjudged = total.misjudged.total()
    endings = sum(total.changes[ending.name] for ending in EXECUTION_FAULTS)
    return {
        "same": total.kept,
        "same_sharing_percent": round(100 * total.share, 2),
        "different": total.changed,
        "different_in_output": total.changed - endings,
        "different_sharing": total.changed_sharing,
        "clashes": total.clashes,
        "misjudged": misjudged,
        "misjudged_percent": round(100 * misjudged / max(1, misjudged + total.kept + total.changed), 2),
    }


def _cost(executions: list[Execution]) -> dict[str, float]:
    """Return what fingerprint and command template take of one warm analysis, beside all of it."""
    identities = [_identified(execution) for execution in executions]
    named = [_timed(partial(_name, identity, how)) for identity, how in identities]
    whole = [_timed(partial(_ENGINE.analyze, execution)) for execution in executions]
    return {
        "fingerprint_median": round(statistics.median(named), 1),
        "fingerprint_p95": round(statistics.quantiles(named, n=20)[-1], 1),
        "analysis_median": round(statistics.median(whole), 1),
    }


def _name(identity: Identity, how: Understanding) -> None:
    command_template(identity.execution.command)
    fingerprint(identity, how)


def _timed(action: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        started = time.process_time_ns()
        action()
        times.append(time.process_time_ns() - started)
    return min(times) / 1000


def _identified(execution: Execution) -> tuple[Identity, Understanding]:
    """Return what the engine made the fingerprint of, and how."""
    analysis = _ENGINE.analyze(execution)
    identity = _identity(execution, analysis)
    how = next((each for each in Understanding if fingerprint(identity, each).digest == analysis.fingerprint), None)
    return identity, how or Understanding.NONE


def _identity(execution: Execution, analysis: Analysis) -> Identity:
    reader = reader_of(execution.os_type, execution.command)
    document, limit = read_document(execution.output, reader.command), Deadline(_PATIENT_SECONDS)
    parse = within(limit, lambda: reader.parse(document, limit))
    return Identity(
        execution=execution,
        command_template=analysis.command_template,
        parser=analysis.parser,
        parser_version=analysis.parser_version,
        rules_version=analysis.rules_version,
        verdict=analysis.verdict,
        findings=analysis.findings,
        facts=analysis.facts,
        data=parse.read,
    )


if __name__ == "__main__":
    main()
