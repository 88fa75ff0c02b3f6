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


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("systemctl -o json", '[{"unit": "nginx.service", "load": "loaded", "active": "failed", "sub": "failed"}]'),
        ("systemctl show nginx", "Id=nginx.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\n"),
        ("systemctl show -p ActiveState nginx.service", "ActiveState=failed\n"),
        ("systemctl is-failed nginx.service", "failed\n"),
        ("service nginx status", "● nginx.service - web server\n   Active: failed (Result: timeout) since Mon\n"),
        ("systemctl status nginx", "nginx.service - web server\n   Active: failed (Result: timeout) since Mon\n"),
        ("systemctl --failed --plain --no-legend", "nginx.service loaded failed failed web server\n"),
    ],
)
def test_every_way_to_ask(command: str, output: str) -> None:
    assert kinds(analyze(output, command)) == [("service.failed", "critical", "nginx.service")]
    assert kinds(analyze(output.replace("failed", "inactive"), command)) == []


def test_a_unit_that_starts_again_has_not_failed() -> None:
    output = "● a.service - a\n   Active: activating (auto-restart) (Result: exit-code) since Mon\n"
    assert kinds(analyze(output, "systemctl status a")) == []


@pytest.mark.parametrize(("count", "fires"), [(0, False), (2, True)])
def test_the_overview_counts_what_failed(count: int, fires: bool) -> None:
    output = f"● host\n    State: degraded\n     Jobs: 0 queued\n   Failed: {count} units\n    Since: Mon\n"
    expected = [("service.failed", "critical", f"{count} units")] if fires else []
    assert kinds(analyze(output, "systemctl status")) == expected


def test_no_failed_unit_is_a_complete_answer() -> None:
    output = "  UNIT LOAD ACTIVE SUB DESCRIPTION\n0 loaded units listed.\n"
    analysis = analyze(output, "systemctl --failed")
    assert (analysis.verdict, analysis.facts["units_failed"]) == ("ok", "0")


def test_a_units_log_is_no_state() -> None:
    assert kinds(analyze("nginx.service loaded failed failed x\n", "journalctl -u nginx")) == []


def test_recorded_units_are_well() -> None:
    analysis = judge(recorded("jc", "centos-7.7", "systemctl"))
    assert (analysis.verdict, analysis.facts["units_failed"]) == ("ok", "0")
    assert int(analysis.facts["units"]) > 100


@pytest.mark.parametrize("options", ["-p ActiveState nginx", "nginx -p ActiveState", "--property=ActiveState nginx"])
def test_properties_without_a_name_are_those_of_the_unit_asked_for(options: str) -> None:
    found = kinds(analyze("ActiveState=failed\n", f"systemctl show {options}"))
    assert found == [("service.failed", "critical", "nginx")]
