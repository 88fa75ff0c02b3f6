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
        ("linux", "/bin/ksh: foo:  not found [No such file or directory]\n"),
        ("linux", "./check.sh: line 3: foo: command not found\n"),
        ("linux", "foo: Command not found.\n"),
        ("linux", "Command 'foo' not found, did you mean:\n  command 'fop' from deb fop (1:2.8-1)\n"),
        ("linux", "fish: Unknown command: foo\n"),
        ("linux", "timeout: failed to run command \u2018foo\u2019: No such file or directory\n"),
        ("linux", 'Object "foo" is unknown, try "ip help".\n'),
        ("linux", "Unknown command verb foo.\n"),
        ("linux", "git: 'foo' is not a git command. See 'git --help'.\n"),
        (
            "sonic",
            'Usage: show [OPTIONS] COMMAND [ARGS]...\nTry "show -h" for help.\n\nError: No such command "foo".\n',
        ),
        ("windows", "'foo' is not recognized as an internal or external command,\noperable program or batch file.\n"),
        ("windows", "foo : The term 'foo' is not recognized as the name of a cmdlet, function, script file\n"),
        ("cumulus", "ERROR: Command not found.\n\nnet foo\n"),
        ("asa", "ERROR: % Invalid input detected at '^' marker.\n"),
        (
            "ios",
            'Translating "foo"...domain server (255.255.255.255)\n% Bad IP address or host name\n% Unknown command\n',
        ),
        (
            "ios",
            "% Bad IP address or host name% Unknown command or computer name, or unable to find computer address\n",
        ),
        ("nxos", "Syntax error while parsing 'foo'\n"),
        ("nxos", "% invalid number/range at '^' marker.\n"),
        ("eos", "% Invalid input (at token 1: 'foo')\n"),
        (
            "eos",
            '{"errors": ["% Invalid input"], "code": 1002, "message": "CLI command 1 of 1 failed: invalid command"}',
        ),
        ("eos", '{"errors": ["Invalid input (at token 1: \'foo\')"]}'),
        ("junos", "syntax error.\n"),
        ("junos", "error: syntax error: foo\n"),
        ("junos", "'foo' is ambiguous.\nPossible completions:\n  food  x\n"),
        ("junos", "error: command is not valid on the qfx5100\n"),
        ("cumulus", "% Command incomplete: foo\n"),
        ("cumulus", "% There is no matched command.\n"),
        ("huawei", "        ^\nError: Unrecognized command found at '^' position.\n"),
        ("huawei", "Error:Too many parameters found at '^' position.\n"),
        ("comware", "         ^\n % Unrecognized command found at '^' position.\n"),
        ("huawei_smartax", "% Unknown command, the error locates at '^'\n"),
        ("panos", "Unknown command: foo\n"),
        ("panos", "Invalid syntax.\n"),
        ("fortinet", "command parse error before 'foo'\nCommand fail. Return code -61\n"),
        ("fortinet", "Unknown action 0\n"),
        ("mikrotik_routeros", "bad command name foo (line 1 column 1)\n"),
        ("mikrotik_routeros", "syntax error (line 1 column 5)\n"),
        ("mikrotik_routeros", "expected end of command (line 1 column 9)\n"),
        ("sros", "            ^\nError: Bad command.\n"),
        ("sros", "MINOR: MGMT_CORE #2201: Unknown element - 'foo'\n"),
        ("aruba_aoscx", "Invalid input: foo\n"),
        ("procurve", "Ambiguous input: foo\n"),
        ("extreme_exos", "%% Invalid input detected at '^' marker.\n"),
        ("ruckus_fastiron", "Invalid input -> foo\nType ? for a list\n"),
        ("vyos", "  Invalid command: [foo]\n"),
        ("checkpoint_gaia", "CLINFR0329  Invalid command:'foo'.\n"),
        ("dell_os10", "% Error: Unrecognized command.\n"),
        ("zte_zxros", "%Error 20201: Unknown command.\n"),
        ("cisco_wlc_ssh", "Incorrect usage.  Use the '?' or <TAB> key to list commands.\n"),
    ],
)
def test_shells_and_clis_say_that_they_do_not_know(os_type: str, output: str) -> None:
    analysis = analyze(output, "foo", os_type, exit_code=None)
    assert kinds(analysis) == [("command.not_found", "warning", "foo")]


@pytest.mark.parametrize(
    ("os_type", "command", "output", "subject"),
    [
        ("ios", "sh ip bpg", "% Invalid input detected at '^' marker.\n", "sh ip bpg"),
        ("linux", "sudo vtysh -c 'show bpg'", "% Unknown command: show bpg\n", "show bpg"),
        ("linux", "uptime; sudo vtysh -c 'show run'", " 10:25:20 up 16:03\nsudo: vtysh: command not found\n", "vtysh"),
        ("linux", "cat x | jqq .", "bash: jqq: command not found\n", "jqq"),
        ("linux", "ip lnk", 'Object "lnk" is unknown, try "ip help".\n', "lnk"),
    ],
)
def test_the_subject_is_what_is_not_known(os_type: str, command: str, output: str, subject: str) -> None:
    assert kinds(analyze(output, command, os_type)) == [("command.not_found", "warning", subject)]


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
        ("show alarms", "\n".join(["Invalid input: power feed B"] * 13)),
        ("show ip bgp", "% Network not in table\n"),
        ("show ip cef", "%IPv4 CEF not running\n"),
        ("ping nowhere", "% Unrecognized host or address, or protocol not running.\n"),
        ("show static-channel-group", "% Static Aggregator: sa11\n% Member: sa1\n"),
        ("show interfaces", "Eth1 is up\n  Unknown protocol drops: 4\n"),
        ("show clock", "unknown time source\n"),
        ("show ntp", "Parameter not set\n"),
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
        ("command.failed", "warning", "copy a b")
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
