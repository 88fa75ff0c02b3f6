from hypothesis import given
from hypothesis import strategies as st

from streams.explanation.excerpt import excerpt


def test_a_short_output_is_shown_whole() -> None:
    shown = excerpt("one\ntwo\n", [(2, 2)], budget=1000)
    assert shown.numbered() == "1| one\n2| two"
    assert shown.left_out == 0


def test_a_long_output_is_shown_by_evidence_head_and_tail() -> None:
    output = "\n".join(f"line {number}" for number in range(1, 1001))
    shown = excerpt(output, [(500, 501)], budget=400)
    numbers = [number for number, _ in shown.lines]
    assert {1, 2, 498, 499, 500, 501, 502, 503, 1000} <= set(numbers)
    assert "lines left out)" in shown.numbered()
    assert shown.left_out == 1000 - len(numbers)


def test_evidence_comes_before_everything_else() -> None:
    output = "\n".join(["x" * 100] * 50)
    assert [number for number, _ in excerpt(output, [(30, 30)], budget=120).lines] == [30]


def test_control_characters_and_endless_lines_are_tamed() -> None:
    shown = excerpt("\x1b[31mred\x00\r" + "y" * 10_000, [], budget=5000).numbered()
    assert "\x1b" not in shown
    assert "\x00" not in shown
    assert len(shown) < 500


@given(st.text(), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50))), st.integers(0, 200))
def test_the_budget_holds_for_any_output(output: str, evidence: list[tuple[int, int]], budget: int) -> None:
    shown = excerpt(output, evidence, budget=budget)
    assert sum(len(text) for _, text in shown.lines) <= budget
    assert [number for number, _ in shown.lines] == sorted({number for number, _ in shown.lines})
