import pytest

from tests.streams.analysis.corpora import recorded
from tests.streams.analysis.judging import analyze, judge, kinds


@pytest.mark.parametrize(("state", "fires"), [("active", False), ("inactive", False), ("failed", True)])
@pytest.mark.parametrize("mark", ["  ", "● ", "* "])
def test_lists_of_units(mark: str, state: str, fires: bool) -> None:
    output = f"  UNIT LOAD ACTIVE SUB DESCRIPTION\n{mark}nginx.service loaded {state} {state} A failed web server\n"
    findings = kinds(analyze(output, "systemctl list-units"))
    assert findings == ([("service.failed", "critical", "nginx.service")] if fires else [])


@pytest.mark.parametrize(("state", "fires"), [("active (running)", False), ("failed (Result: exit-code)", True)])
def test_the_status_of_a_unit(state: str, fires: bool) -> None:
    output = f"● nginx.service - web server\n     Loaded: loaded (/lib/x; enabled)\n     Active: {state} since Mon\n"
    analysis = analyze(output, "systemctl status nginx", exit_code=3 if fires else 0)
    assert kinds(analysis) == ([("service.failed", "critical", "nginx.service")] if fires else [])


def test_the_question_whether_units_are_active() -> None:
    analysis = analyze("active\nfailed\n", "systemctl is-active ssh nginx", exit_code=3)
    assert kinds(analysis) == [("service.failed", "critical", "nginx")]


def test_a_units_log_is_no_state() -> None:
    assert kinds(analyze("nginx.service loaded failed failed x\n", "journalctl -u nginx")) == []


def test_recorded_units_are_well() -> None:
    analysis = judge(recorded("jc", "centos-7.7", "systemctl"))
    assert (analysis.verdict, analysis.facts["units_failed"]) == ("ok", "0")
    assert int(analysis.facts["units"]) > 100
