import pytest

from schemas.placeholders import Statement
from streams.analysis.fact_class import fact_classes


def classes(**facts: str) -> list[str]:
    return list(fact_classes(Statement("kind", "warning", "subject", facts=facts)))


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("loss_percent", "25", "40"),
        ("loss_percent", "0.1", "9.9"),
        ("rtt_avg_ms", "0.4", "200"),
        ("rtt_avg_ms", "200.1", "499"),
        ("use_percent", "3", "84"),
        ("use_percent", "85", "94"),
        ("memory_available_percent", "10", "87.5"),
        ("input_errors", "1", "4000000"),
        ("interfaces", "3", "48"),
        ("sent", "5", "20"),
        ("fullest", "/", "/var"),
        ("as", "65001", "65002"),
        ("unheard_of", "200", "900"),
    ],
)
def test_what_says_the_same_is_of_one_class(name: str, one: str, other: str) -> None:
    assert classes(**{name: one}) == classes(**{name: other})


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("loss_percent", "0", "0.1"),
        ("loss_percent", "10", "50.1"),
        ("loss_percent", "99", "100"),
        ("rtt_avg_ms", "200", "201"),
        ("use_percent", "84", "85"),
        ("use_percent", "94", "95"),
        ("use_percent", "99", "100"),
        ("available_percent", "4.9", "5"),
        ("available_percent", "9.9", "10"),
        ("input_errors", "0", "1"),
        ("interfaces_up", "0", "3"),
        ("state", "Idle", "Active"),
        ("synchronised", "yes", "no"),
        ("unheard_of", "0", "1"),
        ("unheard_of", "9", "10"),
        ("unheard_of", "5", "-5"),
        ("unheard_of", "5", "five"),
    ],
)
def test_what_says_something_else_is_of_another_class(name: str, one: str, other: str) -> None:
    assert classes(**{name: one}) != classes(**{name: other})


@pytest.mark.parametrize(("kind", "name"), [("command.failed", "exit_code"), ("findings.truncated", "count")])
def test_some_numbers_of_a_kind_count_as_they_stand(kind: str, name: str) -> None:
    one, other = (Statement(kind, "warning", "subject", facts={name: number}) for number in ("31", "32"))
    assert list(fact_classes(one)) != list(fact_classes(other))


@pytest.mark.parametrize("name", ["as", "sent", "fullest", "state", "unheard_of"])
def test_that_there_is_a_fact_counts(name: str) -> None:
    """A placeholder that one execution can fill must be one that the other can fill."""
    assert classes(**{name: "1"}) != classes()


def test_that_a_part_is_the_whole_counts() -> None:
    assert classes(peers="4", peers_established="4") == classes(peers="9", peers_established="9")
    assert classes(peers="4", peers_established="4") != classes(peers="4", peers_established="3")


@pytest.mark.parametrize("number", ["0", "0.0", "9" * 400, "1e5", "-1e-5"])
def test_any_number_has_a_class(number: str) -> None:
    assert classes(unheard_of=number)
