"""Every mutation there is, and the mutants they make of an execution."""

from collections.abc import Iterator
from random import Random
from typing import Final

from streams.analysis import Execution
from tests.streams.analysis.mutants.drift import DRIFTS, EDGES
from tests.streams.analysis.mutants.faults import FAULTS
from tests.streams.analysis.mutants.mutation import Mutant, Mutation
from tests.streams.analysis.mutants.renaming import RENAMINGS
from tests.streams.analysis.mutants.rows import ROW_CHANGES

KEEPING: Final[tuple[Mutation, ...]] = (*DRIFTS, *EDGES, *RENAMINGS, *ROW_CHANGES)
"""Changes after which the same must be said."""

MUTATIONS: Final[tuple[Mutation, ...]] = (*KEEPING, *FAULTS)


def mutants(execution: Execution, seed: str) -> Iterator[Mutant]:
    """Yield what each mutation that fits makes of `execution`; the same for the same seed."""
    random = Random(seed)  # reproducible, not secret
    for mutation in MUTATIONS:
        changed = mutation.apply(execution, random)
        if changed is not None and changed != execution:
            yield Mutant(mutation.name, mutation.keeps, changed)
    changed = drifted(execution, random)
    if changed != execution:
        yield Mutant("all drifts at once", True, changed)


def drifted(execution: Execution, random: Random) -> Execution:
    """Return the next run, some time later: everything that may drift has drifted."""
    for drift in DRIFTS:
        execution = drift.apply(execution, random) or execution
    return execution
