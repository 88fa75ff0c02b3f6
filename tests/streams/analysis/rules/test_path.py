import pytest

from tests.streams.analysis.corpora import recorded
from tests.streams.analysis.judging import analyze, judge, kinds

_TITLE = "traceroute to 10.0.0.9 (10.0.0.9), 30 hops max, 60 byte packets\n"


@pytest.mark.parametrize(
    ("last", "fires"),
    [
        (" 2  10.0.0.9 (10.0.0.9)  0.3 ms  0.2 ms  0.2 ms\n", False),
        (" 2  * 10.0.0.9 (10.0.0.9)  0.3 ms *\n", False),
        (" 2  * * *\n", True),
        (" 2  *\n", True),
    ],
)
def test_the_last_hop_decides(last: str, fires: bool) -> None:
    analysis = analyze(f"{_TITLE} 1  * * *\n{last}", "traceroute 10.0.0.9")
    assert kinds(analysis) == ([("path.incomplete", "warning", "10.0.0.9")] if fires else [])
    assert analysis.facts["hops"] == "2"
    assert analysis.verdict == ("warning" if fires else "ok")


def test_a_title_alone_says_nothing() -> None:
    assert kinds(analyze(_TITLE, "traceroute 10.0.0.9")) == []


def test_a_recorded_trace_that_ends_in_silence() -> None:
    execution = recorded("jc", "centos-7.7", "traceroute 8.8.8.8", "* * *")
    assert [kind for kind, _, _ in kinds(judge(execution))] == ["path.incomplete"]


def test_a_listing_of_stars_is_no_path() -> None:
    assert kinds(analyze(" 1  * * *\n", "show running-config")) == []
