"""How right the analyses are: precision and recall per kind over the labelled outputs, and the verdicts' accuracy.

The labels were written by reading the outputs of the corpora, before the rules were tuned. A finding counts as right
when its kind, severity and subject (in any case of letters) are labelled. Prints one JSON line; `--misses` lists what
was wrong before it.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streams.analysis import Analysis, Engine, Execution
from tests.streams.analysis.corpora import as_execution, corpus

LABELS = Path(__file__).parents[1] / "tests" / "streams" / "analysis" / "labels"
ANY = "*"
_PATIENT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said of one thing; the subject in lower case, `*` in a label where any will do."""

    kind: str
    severity: str
    subject: str

    def found_in(self, others: "frozenset[Claim]") -> bool:
        """Whether one of `others` says the same."""
        if self in others:
            return True
        same = (each for each in others if (each.kind, each.severity) == (self.kind, self.severity))
        return any(ANY in (self.subject, each.subject) for each in same)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One recorded execution and what a reader says of it."""

    name: str
    execution: Execution
    verdict: str
    claims: frozenset[Claim]
    note: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of claims: right ones, those nobody labelled, and labelled ones that the engine did not make."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def precision(self, kind: str | None = None) -> float:
        """Return the share of claims made that are right; 1.0 where none was made."""
        return _share(_count(self.right, kind), _count(self.wrong, kind))

    def recall(self, kind: str | None = None) -> float:
        """Return the share of labelled claims that were made; 1.0 where none is labelled."""
        return _share(_count(self.right, kind), _count(self.missed, kind))

    def kinds(self) -> list[str]:
        """Return the kinds labelled or claimed, sorted."""
        return sorted(self.right | self.wrong | self.missed)


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled execution and the engine's analysis of it."""

    labelled: Labelled
    analysis: Analysis

    @property
    def claims(self) -> frozenset[Claim]:
        """What the engine claims."""
        return frozenset(
            Claim(each.kind, each.severity.symbol, each.subject.lower()) for each in self.analysis.findings
        )

    @property
    def right(self) -> list[Claim]:
        """Claims that are labelled."""
        return [claim for claim in self.claims if claim.found_in(self.labelled.claims)]

    @property
    def wrong(self) -> list[Claim]:
        """Claims that nobody labelled."""
        return [claim for claim in self.claims if not claim.found_in(self.labelled.claims)]

    @property
    def missed(self) -> list[Claim]:
        """Labels that are not claimed."""
        return [claim for claim in self.labelled.claims if not claim.found_in(self.claims)]

    @property
    def verdict_right(self) -> bool:
        """Whether engine and reader agree on the verdict."""
        return self.analysis.verdict == self.labelled.verdict

    def misses(self) -> Iterator[str]:
        """Yield a line for each difference."""
        if not self.verdict_right:
            yield f"verdict {self.analysis.verdict}, labelled {self.labelled.verdict}: {self.labelled.name}"
        for claim in sorted(self.wrong, key=str):
            yield f"wrong  {claim.kind} {claim.severity} {claim.subject!r}: {self.labelled.name}"
        for claim in sorted(self.missed, key=str):
            yield f"missed {claim.kind} {claim.severity} {claim.subject!r}: {self.labelled.name}"


def read_labels(folder: Path = LABELS) -> list[Labelled]:
    """Return every labelled execution; an output that changed since it was labelled is an error."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.jsonl"))]
    return [_labelled(json.loads(line)) for text in texts for line in text.split("\n") if line]


def judge_all(labelled: list[Labelled]) -> list[Judged]:
    """Return the engine's analysis beside each label; no deadline interferes."""
    engine = Engine(deadline=_PATIENT_SECONDS)
    return [Judged(each, engine.analyze(each.execution)) for each in labelled]


def tally(judged: list[Judged]) -> Tally:
    """Count right, wrong and missed claims by kind."""
    counts = Tally()
    for each in judged:
        counts.right.update(claim.kind for claim in each.right)
        counts.wrong.update(claim.kind for claim in each.wrong)
        counts.missed.update(claim.kind for claim in each.missed)
    return counts


def verdict_accuracy(judged: list[Judged]) -> float:
    """Return the share of executions on whose verdict engine and reader agree."""
    return sum(each.verdict_right for each in judged) / len(judged)


def main() -> None:
    """Score the engine and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list each wrong and each missed claim first")
    flags = parser.parse_args()
    judged = judge_all(read_labels())
    if flags.misses:
        sys.stdout.writelines(f"{line}\n" for each in judged for line in each.misses())
    print(json.dumps(_report(judged)))


def _report(judged: list[Judged]) -> dict[str, object]:
    counts = tally(judged)
    return {
        "outputs": len(judged),
        "findings": sum(len(each.labelled.claims) for each in judged),
        "precision": round(counts.precision(), 4),
        "recall": round(counts.recall(), 4),
        "verdict_accuracy": round(verdict_accuracy(judged), 4),
        "kinds": {
            kind: {
                "labelled": counts.right[kind] + counts.missed[kind],
                "precision": round(counts.precision(kind), 4),
                "recall": round(counts.recall(kind), 4),
            }
            for kind in counts.kinds()
        },
    }


def _labelled(label: dict[str, Any]) -> Labelled:
    name, row = label["corpus"], label["row"]
    execution = as_execution(corpus(name)[row])
    sha256 = hashlib.sha256(execution.output.encode()).hexdigest()
    if not sha256.startswith(label["sha256"]):
        raise ValueError(f"{name} row {row} is not what was labelled: take the corpora the labels were made on")
    return Labelled(
        name=f"{name} {row} {execution.os_type} {execution.command[:60]!r}",
        execution=execution,
        verdict=label["verdict"],
        claims=frozenset(Claim(each["kind"], each["severity"], each["subject"].lower()) for each in label["findings"]),
        note=label.get("note", ""),
    )


def _count(counts: Counter[str], kind: str | None) -> int:
    return counts.total() if kind is None else counts[kind]


def _share(right: int, other: int) -> float:
    return right / (right + other) if right + other else 1.0


if __name__ == "__main__":
    main()
