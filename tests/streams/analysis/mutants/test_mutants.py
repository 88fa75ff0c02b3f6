from collections.abc import Iterator
from functools import cache
from random import Random

import pytest

from streams.analysis import Engine, Execution
from tests.streams.analysis.corpora import as_execution, corpus, recorded
from tests.streams.analysis.judging import judge
from tests.streams.analysis.mutants.catalogue import MUTATIONS, mutants
from tests.streams.analysis.mutants.score import Score, said, score

_LONGEST = 20_000
_EVERY = 4
_PING = (
    "PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.\n64 bytes from 10.0.0.9: icmp_seq=1 ttl=63 time=0.52 ms\n\n"
    "--- 10.0.0.9 ping statistics ---\n4 packets transmitted, 4 received, 0% packet loss, time 3004ms\n"
    "rtt min/avg/max/mdev = 0.410/0.520/0.610/0.060 ms\n"
)


def _sample(*, every: int = _EVERY, longest: int = _LONGEST) -> Iterator[Execution]:
    for name in ("suzieq", "ntc_templates", "jc"):
        rows = [row for row in corpus(name) if len(row["output"]) <= longest]
        yield from map(as_execution, rows[::every])


@cache
def _score() -> Score:
    engine = Engine(deadline=5.0)
    return score(_sample(), engine.analyze)


def test_what_must_be_said_alike_shares_the_fingerprint() -> None:
    assert _score().kept > 500
    assert _score().share >= 0.95, _score().own


def test_what_must_be_said_otherwise_never_shares() -> None:
    assert _score().changed > 500
    assert _score().changed_sharing == 0


def test_no_fingerprint_stands_for_two_things() -> None:
    assert _score().clashes == 0


def test_the_engine_judges_mutants_as_they_are_meant() -> None:
    total = _score()
    assert sum(total.misjudged.values()) < 0.05 * (total.kept + total.changed), total.misjudged


def test_mutants_of_a_ping_say_what_they_are() -> None:
    execution = Execution("tenant", "linux", "ping -c 4 10.0.0.9", "OK", 0, _PING)
    original = judge(execution)
    made = {mutant.mutation: (mutant.keeps, said(judge(mutant.execution))) for mutant in mutants(execution, "seed")}
    assert {"times to live", "addresses of hosts", "25 % packet loss", "100 % packet loss"} <= made.keys()
    assert all(keeps == (what == said(original)) for keeps, what in made.values())


def test_the_same_seed_makes_the_same_mutants() -> None:
    execution = Execution("tenant", "linux", "ping -c 4 10.0.0.9", "OK", 0, _PING)
    assert list(mutants(execution, "a")) == list(mutants(execution, "a"))
    assert list(mutants(execution, "a")) != list(mutants(execution, "b"))


def test_every_mutation_fits_some_real_output() -> None:
    unused = set(MUTATIONS)
    random = Random(1)
    for execution in _sample(every=1, longest=1_000_000):
        unused -= {mutation for mutation in unused if mutation.apply(execution, random) is not None}
    assert not unused


@pytest.mark.parametrize(
    ("name", "os_type", "command"),
    [
        ("ntc_templates", "cisco_ios", "show ip bgp summary"),
        ("suzieq", "eos", "show interfaces"),
        ("suzieq", "linux", "timedatectl"),
    ],
)
def test_real_outputs_have_mutants_of_both_kinds(name: str, os_type: str, command: str) -> None:
    made = list(mutants(recorded(name, os_type, command), "seed"))
    assert {mutant.keeps for mutant in made} == {True, False}
