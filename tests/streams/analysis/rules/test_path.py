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
        (" 2  *  *  *  *  *\n", True),
        (" 2  10.0.0.8 !H  *  !H\n", False),
        (" 2  10.0.0.8 1 msec *  2 msec *\n", False),
        (" 2  * * *\n    10.0.0.8 12 msec\n", False),
        (" 2  0.0.0.0  * * *\n", True),
        (" 2  *^C\n", True),
        ("! 2 10.0.0.9 1 ms\n", False),
        (". 2 *\n", True),
        (" " * 12 + "2  * * *\n", True),
        ("  2     *        *        *     Request timed out.\n\nTrace complete.\n", True),
        ("  2    <1 ms    <1 ms    <1 ms  10.0.0.9\n\nTrace complete.\n", False),
    ],
)
def test_the_last_hop_decides(last: str, fires: bool) -> None:
    analysis = analyze(f"{_TITLE} 1  * * *\n{last}", "traceroute 10.0.0.9")
    assert kinds(analysis) == ([("path.incomplete", "warning", "10.0.0.9")] if fires else [])
    assert analysis.facts["hops"] == "2"
    assert analysis.verdict == ("warning" if fires else "ok")


@pytest.mark.parametrize(
    "title",
    [
        "Tracing the route to 10.0.0.9\nVRF info: (vrf in name/id, vrf out name/id)\n",
        "Tracing route to 10.0.0.9 over a maximum of 30 hops\n\n",
        " traceroute to  10.0.0.9(10.0.0.9), max hops: 30 ,packet length: 40,press CTRL_C to break\n",
        "traceroute6: Warning: h has multiple addresses; using ::1\ntraceroute6 to 10.0.0.9 from ::2, 5 hops max\n",
    ],
)
def test_every_title_names_the_end(title: str) -> None:
    assert kinds(analyze(f"{title}  1  * * *\n", "traceroute")) == [("path.incomplete", "warning", "10.0.0.9")]


def test_a_title_alone_says_nothing() -> None:
    assert kinds(analyze(_TITLE, "traceroute 10.0.0.9")) == []


def test_a_recorded_trace_that_ends_in_silence() -> None:
    execution = recorded("jc", "centos-7.7", "traceroute 8.8.8.8", "* * *")
    assert [kind for kind, _, _ in kinds(judge(execution))] == ["path.incomplete"]


def test_a_listing_of_stars_is_no_path() -> None:
    assert kinds(analyze(" 1  * * *\n", "show running-config")) == []


@pytest.mark.parametrize(
    ("command", "last", "fires"),
    [
        ("tracepath 10.0.0.9", " 2:  10.0.0.9     0.7ms reached\n     Resume: pmtu 1500 hops 2 back 2\n", False),
        ("tracepath 10.0.0.9", " 2:  no reply\n     Too many hops: pmtu 1500\n     Resume: pmtu 1500\n", True),
        ("mtr -r 10.0.0.9", "  2.|-- 10.0.0.9          0.0%     3    0.4   0.4   0.3   0.5   0.1\n", False),
        ("mtr -r 10.0.0.9", "  2.|-- ???              100.0     3    0.0   0.0   0.0   0.0   0.0\n", True),
    ],
)
def test_words_of_tracepath_and_mtr(command: str, last: str, fires: bool) -> None:
    first = " 1:  no reply\n" if command.startswith("tracepath") else "HOST: h1  Loss%   Snt\n  1.|-- ???  100.0  3\n"
    analysis = analyze(first + last, command)
    assert kinds(analysis) == ([("path.incomplete", "warning", "10.0.0.9")] if fires else [])
    assert analysis.verdict == ("warning" if fires else "ok")
