from collections import Counter
from itertools import islice, pairwise

import pytest

from tests.chaos.fault import EVERY, KINDS, Action, Fault, Kind, Part
from tests.chaos.platform import Scale
from tests.chaos.schedule import SESSION_SECONDS, schedule

SIZES = Scale().sizes


def faults(seed: int, count: int = 20 * len(KINDS)) -> list[Fault]:
    return list(islice(schedule(seed, SIZES), count))


def test_the_same_seed_gives_the_same_faults() -> None:
    assert faults(7) == faults(7)
    assert faults(7) != faults(8)


@pytest.mark.parametrize("seed", range(5))
def test_every_kind_occurs_before_one_occurs_again(seed: int) -> None:
    drawn = faults(seed)
    for begin in range(0, len(drawn), len(KINDS)):
        assert Counter(fault.kind for fault in drawn[begin : begin + len(KINDS)]) == Counter(KINDS)


@pytest.mark.parametrize("seed", range(5))
def test_no_broker_falls_right_after_another(seed: int) -> None:
    assert not any(one.kind.fells_broker and other.kind.fells_broker for one, other in pairwise(faults(seed)))


def test_every_process_is_struck_and_none_that_is_not_there() -> None:
    struck: dict[str, set[int]] = {str(kind): set() for kind in KINDS}
    for fault in faults(3):
        struck[str(fault.kind)].add(fault.target)
    assert struck["kill agent"] == {1, 2, 3}
    assert struck["pause worker"] == {1, 2}
    assert struck["kill engine"] == {1}
    assert struck["cut broker connections"] == {EVERY, 1, 2, 3}
    assert struck["hold engine connections"] == {1}
    assert struck["rebalance workers"] == {EVERY}


def test_a_pause_outlasts_the_session() -> None:
    pauses = [fault.seconds for fault in faults(1) if fault.kind.action is Action.PAUSE]
    assert pauses
    assert min(pauses) > SESSION_SECONDS


def test_chosen_kinds_are_the_only_ones() -> None:
    chosen = (Kind(Action.KILL, Part.BROKER), Kind(Action.PAUSE, Part.BROKER))
    assert {fault.kind for fault in islice(schedule(1, SIZES, chosen), 10)} == set(chosen)
