import pytest

from tests.streams.analysis.judging import analyze, kinds


@pytest.mark.parametrize(
    ("os_type", "output"),
    [
        ("linux", "bash: foo: command not found\n"),
        ("linux", "-bash: foo: command not found\n"),
        ("linux", "/bin/sh: 1: foo: not found\n"),
        ("linux", "sh: foo: not found\n"),
        ("linux", "zsh: command not found: foo\n"),
        ("linux", "sudo: foo: command not found\n"),
        ("linux", "bash: line 1: foo: command not found\n"),
        ("ios", "          ^\n% Invalid input detected at '^' marker.\n"),
        ("ios", "router1#foo\n          ^\n% Invalid input detected at '^' marker.\n\nrouter1#"),
        ("eos", "% Invalid input\n"),
        ("ios", "% Unknown command or computer name, or unable to find computer address\n"),
        ("ios", '% Ambiguous command:  "sh i"\n'),
        ("ios", "% Incomplete command.\n"),
        ("nxos", "% Invalid command at '^' marker.\n"),
        ("junos", "         ^\nunknown command.\n"),
        ("junos", "         ^\nsyntax error, expecting <command>.\n"),
        ("cumulus", "% Unknown command: foo\n"),
        ("nxos", '{"error": {"code": -32602, "data": {"msg": "% Invalid command\\n"}}}\n'),
    ],
)
def test_shells_and_clis_say_that_they_do_not_know(os_type: str, output: str) -> None:
    analysis = analyze(output, "foo", os_type, exit_code=None)
    assert kinds(analysis) == [("command.not_found", "warning", "foo")]


def test_exit_code_127_says_so_too() -> None:
    assert kinds(analyze("", "foo", exit_code=127, status="FAILED")) == [("command.not_found", "warning", "foo")]
    assert kinds(analyze("what?\n", "foo", exit_code=126, status="FAILED")) == [("command.failed", "warning", "foo")]


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("show ip ospf neighbor", "% OSPF instance not found\n"),
        ("show ip route vrf x", "% IP routing table x does not exist\n"),
        ("show interfaces Vxlan 1", "% Interface does not exist\n"),
        ("show logging", "\n".join(f"{n}: %PARSER-5: % Invalid input detected" for n in range(9))),
        ("show history", "\n".join(["  show foo", "% Invalid input detected at '^' marker."] * 6)),
        ("cat install.log", "\n".join(["bash: foo: command not found"] * 9)),
        ("show interfaces", "Eth1 is up, line protocol is up\n  Description: unknown command\n"),
        ("show arp", "file not found in cache\n"),
    ],
)
def test_other_answers_are_no_complaints(command: str, output: str) -> None:
    assert kinds(analyze(output, command, "ios", exit_code=None)) == []


@pytest.mark.parametrize(("exit_code", "fires"), [(0, False), (1, True), (3, True), (255, True), (-9, True)])
def test_a_failed_process_is_reported(exit_code: int, fires: bool) -> None:
    findings = kinds(analyze("working\nno luck\n", "job", exit_code=exit_code))
    assert findings == ([("command.failed", "warning", "job")] if fires else [])


def test_a_failure_quotes_the_last_words() -> None:
    finding = analyze("working\nno luck\n\n", "job", exit_code=3).findings[0]
    assert (finding.evidence, finding.line_start, dict(finding.facts)) == ("no luck", 2, {"exit_code": "3"})


def test_a_failure_without_words_quotes_nothing() -> None:
    finding = analyze("", "sh -c 'exit 3'", exit_code=3).findings[0]
    assert (finding.kind, finding.evidence, finding.line_start, finding.line_end) == ("command.failed", "", 0, 0)


def test_a_device_that_gives_no_exit_code_fails_by_its_status() -> None:
    assert kinds(analyze("x\n", "copy a b", "ios", exit_code=None, status="FAILED")) == [
        ("command.failed", "warning", "copy")
    ]
    assert kinds(analyze("x\n", "copy a b", "ios", exit_code=None)) == []


@pytest.mark.parametrize(
    ("output", "command", "explaining"),
    [
        ("cat: /etc/shadow: Permission denied\n", "cat /etc/shadow", "access.denied"),
        ("Host x.example not found: 3(NXDOMAIN)\n", "host x.example", "dns.nxdomain"),
        ("bash: foo: command not found\n", "foo", "command.not_found"),
    ],
)
def test_a_specific_finding_explains_the_exit_code(output: str, command: str, explaining: str) -> None:
    assert [kind for kind, _, _ in kinds(analyze(output, command, exit_code=1))] == [explaining]


def test_a_time_out_is_reported_and_explains_the_exit_code() -> None:
    analysis = analyze("partial\n", "top", status="TIMEOUT", exit_code=-9)
    assert kinds(analysis) == [("command.timeout", "warning", "top")]
    assert analysis.summary == "top did not end in time"
