from hypothesis import given
from hypothesis import strategies as st

from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.slow_lane.message import answer, question, read_answer, read_question

PING = """PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.

--- 10.0.0.1 ping statistics ---
4 packets transmitted, 1 received, 75% packet loss, time 3060ms
"""


@given(st.text(), st.text(), st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1)))
def test_an_execution_comes_through_as_one_line(command: str, output: str, exit_code: int | None) -> None:
    execution = Execution("t", "linux", command, "OK", exit_code, output)
    line = question(execution)
    assert b"\n" not in line
    assert read_question(line) == execution


def test_an_analysis_comes_through_as_one_line() -> None:
    analysis = Engine().analyze(Execution("t", "linux", "ping -c 4 10.0.0.1", "OK", 1, PING))
    assert analysis.findings
    line = answer(analysis)
    assert b"\n" not in line
    assert read_answer(line) == analysis
