"""Poison among good events, through a real worker and a real sink: every message is one row, or one dead letter."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.poison.account import Account
from benchmarks.poison.kinds import KINDS
from benchmarks.poison.load import Load
from benchmarks.poison.pipeline import Services, run

LOAD = Load(good=1_000, poison=120, large=2)


@pytest.mark.timeout(600)
def test_every_good_event_is_visible_and_every_bad_one_a_dead_letter(
    kafka: str, redis_database: str, clickhouse_url: str, tmp_path: Path
) -> None:
    account = run(Services(kafka, redis_database, clickhouse_url, tmp_path), LOAD).account
    assert account.complaints == []
    assert account.letters.keys() == {kind.name for kind in KINDS if kind.is_bad}
    assert account.letters.total() == 116
    assert {reason.partition(":")[0] for reasons in account.reasons.values() for reason in reasons} == {
        "worker",
        "sink",
    }


def test_what_is_lost_or_visible_though_bad_is_noticed() -> None:
    poisoned = list(LOAD.poisoned())
    bad = [int(sent.mark.rpartition("/")[2]) for sent in poisoned if sent.is_bad]
    fine = Counter({*range(LOAD.good + LOAD.poison)} - {*bad})
    whole = Account.of(LOAD, poisoned, [], fine).complaints
    assert len(whole) == len(bad), "dead letters are missing, and no row is"

    fine[7] -= 1
    del fine[8]
    visible = +fine + Counter({bad[0]: 1, 9: 1})
    others = [complaint for complaint in Account.of(LOAD, poisoned, [], visible).complaints if complaint not in whole]
    assert others == [
        "event 7 is not visible",
        "event 8 is not visible",
        f"event {bad[0]} is visible though bad",
        "event 9 is visible twice",
    ]
