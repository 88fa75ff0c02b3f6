"""The engine against labels that were written by reading recorded outputs (see `benchmarks/correctness.py`)."""

from functools import lru_cache

from benchmarks.correctness import Judged, judge_all, read_labels, tally, verdict_accuracy
from tests.streams.analysis.judging import assert_verbatim


@lru_cache(maxsize=1)
def _judged() -> tuple[Judged, ...]:
    return tuple(judge_all(read_labels()))


def _misses() -> str:
    return "\n".join(line for each in _judged() for line in each.misses())


def test_what_the_engine_claims_is_labelled() -> None:
    assert tally(list(_judged())).precision() >= 0.98, _misses()


def test_what_is_labelled_is_claimed() -> None:
    assert tally(list(_judged())).recall() >= 0.95, _misses()


def test_verdicts_agree() -> None:
    assert verdict_accuracy(list(_judged())) >= 0.97, _misses()


def test_evidence_stands_where_it_says() -> None:
    for each in _judged():
        for finding in each.analysis.findings:
            assert_verbatim(finding, each.labelled.execution.output)
            assert finding.evidence.strip() or not each.labelled.execution.output.strip()
