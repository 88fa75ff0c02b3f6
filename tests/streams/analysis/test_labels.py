"""The engine against labels that were written by reading recorded outputs (see `benchmarks/correctness.py`)."""

import json
from functools import lru_cache
from pathlib import Path

import pytest

from benchmarks.correctness import Claim, Judged, judge_all, read_labels, tally, verdict_accuracy
from tests.streams.analysis.judging import assert_verbatim


@lru_cache(maxsize=1)
def _judged() -> tuple[Judged, ...]:
    return tuple(judge_all(read_labels()))


def _misses() -> str:
    return "\n".join(line for each in _judged() for line in each.misses())


def test_the_labels_are_many_and_of_every_corpus() -> None:
    names = {each.labelled.name for each in _judged()}
    assert len(names) >= 400
    assert {name.split()[0] for name in names} == {"suzieq", "ntc_templates", "jc"}


@pytest.mark.parametrize(
    ("claim", "labels", "found"),
    [
        (Claim("a", "warning", "x"), {Claim("a", "warning", "x")}, True),
        (Claim("a", "warning", "x"), {Claim("a", "warning", "*")}, True),
        (Claim("a", "warning", "x"), {Claim("a", "warning", "y")}, False),
        (Claim("a", "warning", "x"), {Claim("a", "critical", "x")}, False),
        (Claim("a", "warning", "x"), {Claim("b", "warning", "*")}, False),
        (Claim("a", "warning", "x"), set(), False),
    ],
)
def test_a_claim_is_right_by_kind_severity_and_subject(claim: Claim, labels: set[Claim], found: bool) -> None:
    assert claim.found_in(frozenset(labels)) is found


def test_an_output_that_is_not_what_was_labelled_is_refused(tmp_path: Path) -> None:
    label = {"corpus": "jc", "row": 1, "sha256": "0" * 16, "verdict": "ok", "findings": []}
    (tmp_path / "labels.jsonl").write_text(json.dumps(label))
    with pytest.raises(ValueError, match="jc row 1 is not what was labelled"):
        read_labels(tmp_path)


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
