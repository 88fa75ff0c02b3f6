import pytest

from benchmarks.growth.slope import per_tenfold


def test_what_costs_the_same_does_not_grow() -> None:
    assert per_tenfold({1: 5.0, 10: 5.0, 100: 5.0}) == pytest.approx(0.0)


def test_growth_is_told_by_tenfold_of_the_cause_and_part_of_the_mean() -> None:
    assert per_tenfold({1: 10.0, 10: 20.0, 100: 30.0}) == pytest.approx(0.5)


def test_what_gets_cheaper_has_a_negative_slope() -> None:
    assert per_tenfold({1: 3.0, 2: 2.0, 4: 1.0}) < 0
