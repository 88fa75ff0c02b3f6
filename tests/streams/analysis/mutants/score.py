"""How well fingerprints tell mutants that keep what must be said from those that change it."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from schemas.placeholders import Statement, numbered, placeholder_values, words
from streams.analysis import Analysis, Execution
from tests.streams.analysis.mutants.catalogue import mutants

Said = tuple[object, ...]


def said(analysis: Analysis) -> Said:
    """Return what an explanation may rest on beside numbers and names.

    The verdict, the numbered findings with their words, and which placeholders there are.
    """
    statements = statements_of(analysis)
    findings = tuple((each.severity, each.kind, words(each)) for each in numbered(statements))
    return (analysis.verdict, findings, tuple(sorted(placeholder_values(statements, analysis.facts))))


def statements_of(analysis: Analysis) -> list[Statement]:
    """Return the findings as placeholders know them."""
    return [
        Statement(each.kind, each.severity.symbol, each.subject, each.line_start, each.facts)
        for each in analysis.findings
    ]


@dataclass(slots=True)
class Score:
    """Counts over many mutants; `misjudged` are those that the engine judges otherwise than intended.

    `changes` counts mutants that must be spoken of otherwise, by mutation; `own` those that should share and do not.
    `clashes` are fingerprints that stand for two different things, over all executions that were seen.
    """

    kept: int = 0
    kept_sharing: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    changed_sharing: int = 0
    misjudged: Counter[str] = field(default_factory=Counter)
    own: Counter[str] = field(default_factory=Counter)
    clashes: int = 0
    _known: dict[bytes, Said] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Return which part of the mutants that keep what is said share their original's fingerprint."""
        return self.kept_sharing / max(self.kept, 1)

    @property
    def changed(self) -> int:
        """Return how many mutants must be spoken of otherwise."""
        return self.changes.total()

    def add(self, execution: Execution, analyze: Callable[[Execution], Analysis], seed: str) -> None:
        """Analyse `execution` and all its mutants, and count."""
        original = analyze(execution)
        self._note(original)
        for mutant in mutants(execution, seed):
            analysis = analyze(mutant.execution)
            self._note(analysis)
            if mutant.keeps != (said(analysis) == said(original)):
                self.misjudged[mutant.mutation] += 1
            elif mutant.keeps:
                self._count_kept(mutant.mutation, sharing=analysis.fingerprint == original.fingerprint)
            else:
                self.changes[mutant.mutation] += 1
                self.changed_sharing += analysis.fingerprint == original.fingerprint

    def _count_kept(self, mutation: str, *, sharing: bool) -> None:
        self.kept += 1
        self.kept_sharing += sharing
        if not sharing:
            self.own[mutation] += 1

    def _note(self, analysis: Analysis) -> None:
        self.clashes += self._known.setdefault(analysis.fingerprint, said(analysis)) != said(analysis)


def score(executions: Iterable[Execution], analyze: Callable[[Execution], Analysis]) -> Score:
    """Return the score over the mutants of all `executions`."""
    total = Score()
    for number, execution in enumerate(executions):
        total.add(execution, analyze, f"{number} {execution.command}")
    return total
