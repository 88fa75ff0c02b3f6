from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from benchmarks.fleet.day import Run, runs
from benchmarks.fleet.devices import checks_of
from benchmarks.fleet.ledger import Ledger
from streams.analysis import Analysis, Engine, Execution

_ENGINE = Engine(5.0)


def replayed(analyze: Callable[[Execution], Analysis] = _ENGINE.analyze) -> Ledger:
    """Return the ledger of half an hour of a small fleet."""
    random = Random(3)
    ledger = Ledger(output_ttl=timedelta(hours=1), analyze=analyze)
    for run in runs(checks_of(12, random), 30, random):
        ledger.enter(run)
    return ledger


def test_every_event_is_known_to_one_level() -> None:
    counts = replayed().counts
    assert counts["events"] > 300
    assert counts["output"] + counts["fingerprint"] + counts["none"] == counts["events"]
    assert counts["fingerprint"] > 0.2 * counts["events"]


def test_no_hit_is_wrong_and_incidents_are_noticed() -> None:
    counts = replayed().counts
    assert counts["wrong_output_hits"] == counts["wrong_fingerprint_hits"] == 0
    assert counts["incidents"] > 0
    assert counts["incidents_noticed"] > 0.9 * counts["incidents"]


def test_a_fingerprint_that_shares_too_much_is_found_out() -> None:
    assert replayed(_sharing_everything).counts["wrong_fingerprint_hits"] > 0


def _sharing_everything(execution: Execution) -> Analysis:
    return replace(_ENGINE.analyze(execution), fingerprint=bytes(16))


def test_an_output_is_known_for_its_time_only() -> None:
    execution = Execution("fleet", "linux", "df -h", "OK", 0, "no table\n")
    ledger = Ledger(output_ttl=timedelta(minutes=30), analyze=_ENGINE.analyze)
    for minute in (0, 29, 30):
        ledger.enter(Run(minute, execution, execution, incident=False))
    assert [ledger.counts[level] for level in ("none", "output", "fingerprint")] == [1, 1, 1]
