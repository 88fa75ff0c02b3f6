from streams.analysis.finding import Finding, Severity
from streams.analysis.summary import summarise


def down(name: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding("interface.down", severity, name, "", 1, 1)


def test_the_worst_comes_first_and_the_rest_is_counted() -> None:
    loss = Finding("reachability.loss", Severity.CRITICAL, "h", "", 1, 1, {"loss_percent": "100"})
    findings = [down("Eth1"), down("Eth2"), down("Eth3"), loss]
    assert summarise("critical", findings, [], "x") == ("100% packet loss to h; Eth1 is down; Eth2 is down; and 1 more")


def test_all_well_says_what_was_seen() -> None:
    assert summarise("ok", [], ["3 of 3 interfaces up"], "x") == "3 of 3 interfaces up"
    assert summarise("ok", [], [], "uname -a") == "uname -a: nothing to report"


def test_the_unknown_is_admitted() -> None:
    assert summarise("unknown", [], [], "foo {arg}") == "foo {arg}: output not understood, nothing can be said"
    assert summarise("unknown", [], [], "").startswith("empty command: ")


def test_it_is_one_line_of_bounded_length() -> None:
    line = summarise("warning", [down("a\nb" * 300)], [], "x")
    assert "\n" not in line
    assert len(line) == 200
