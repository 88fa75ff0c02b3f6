import pytest

from tests.streams.analysis.corpora import as_execution, corpus
from tests.streams.analysis.judging import analyze, judge, kinds


def dig(status: str) -> str:
    return (
        "; <<>> DiG 9.18 <<>> www.example.net\n;; Got answer:\n"
        f";; ->>HEADER<<- opcode: QUERY, status: {status}, id: 1\n;; flags: qr rd ra\n\n"
        ";; QUESTION SECTION:\n;www.example.net.\t\tIN\tA\n"
    )


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("NOERROR", []),
        ("NXDOMAIN", [("dns.nxdomain", "warning", "www.example.net")]),
        ("SERVFAIL", [("dns.failure", "critical", "www.example.net")]),
        ("REFUSED", [("dns.failure", "critical", "www.example.net")]),
    ],
)
def test_the_answers_status_decides(status: str, expected: list[tuple[str, str, str]]) -> None:
    analysis = analyze(dig(status), "dig www.example.net")
    assert kinds(analysis) == expected
    assert analysis.facts["dns_status"] == status


@pytest.mark.parametrize(
    ("command", "output", "expected"),
    [
        ("host x.example", "Host x.example not found: 3(NXDOMAIN)\n", ("dns.nxdomain", "warning", "x.example")),
        ("host x.example", "Host x.example not found: 2(SERVFAIL)\n", ("dns.failure", "critical", "x.example")),
        (
            "nslookup x.example",
            "Server:\t\t10.0.0.1\n\n** server can't find x.example: NXDOMAIN\n",
            ("dns.nxdomain", "warning", "x.example"),
        ),
        (
            "nslookup x.example",
            "** server can't find x.example: SERVFAIL\n\n** server can't find x.example: SERVFAIL\n",
            ("dns.failure", "critical", "x.example"),
        ),
        (
            "nslookup x.example",
            "Server:  dns.lan\nAddress:  10.0.0.1\n\n*** dns.lan can't find x.example: Non-existent domain\n",
            ("dns.nxdomain", "warning", "x.example"),
        ),
        (
            "nslookup x.example",
            "DNS request timed out.\n    timeout was 2 seconds.\n*** Request to UnKnown timed-out\n",
            ("dns.failure", "critical", "x.example"),
        ),
        (
            "dig MX x.example",
            ";; communications error to 10.0.0.1#53: timed out\n;; no servers could be reached\n",
            ("dns.failure", "critical", "x.example"),
        ),
        (
            "drill x.example",
            ";; ->>HEADER<<- opcode: QUERY, rcode: NXDOMAIN, id: 1\n;; QUESTION SECTION:\n;; x.example.\tIN\tA\n",
            ("dns.nxdomain", "warning", "x.example"),
        ),
        ("delv x.example", ";; resolution failed: ncache nxdomain\n", ("dns.nxdomain", "warning", "x.example")),
        (
            "dig x.example | jc --dig",
            '[{"opcode": "QUERY", "status": "SERVFAIL", "question": {"name": "x.example."}}]',
            ("dns.failure", "critical", "x.example"),
        ),
        (
            "dig +short x.example",
            ";; connection timed out; no servers could be reached\n",
            ("dns.failure", "critical", "x.example"),
        ),
    ],
)
def test_every_tool_is_understood(command: str, output: str, expected: tuple[str, str, str]) -> None:
    assert kinds(analyze(output, command, exit_code=1)) == [expected]


@pytest.mark.parametrize(
    ("command", "output", "verdict"),
    [
        (
            "nslookup x.example",
            "Server:\t10.0.0.1\nAddress:\t10.0.0.1#53\n\nName:\tx.example\nAddress: 1.2.3.4\n",
            "ok",
        ),
        ("dig +short x.example", "www.x.example.\n1.2.3.4\n2001:db8::1\n", "ok"),
        ("dig +short mx x.example", "10 mail.x.example.\n", "ok"),
        ("dig +short txt x.example", '"v=spf1 -all"\n', "ok"),
        ("dig +short x.example", "", "unknown"),
        ("dig +short x.example", "what is this\n", "unknown"),
    ],
)
def test_a_name_that_was_found_is_well(command: str, output: str, verdict: str) -> None:
    analysis = analyze(output, command)
    assert (analysis.verdict, kinds(analysis)) == (verdict, [])


def test_logs_about_names_are_no_answers() -> None:
    assert kinds(analyze("Host x not found: 3(NXDOMAIN)\n", "journalctl -u named")) == []
    assert kinds(analyze(dig("SERVFAIL"), "cat dig.txt")) == []


def test_recorded_answers() -> None:
    for row in corpus("jc"):
        if row["parser"] == "dig":
            fired = bool(judge(as_execution(row)).findings)
            assert fired == any(f"status: {status}" in row["output"] for status in ("NXDOMAIN", "SERVFAIL", "REFUSED"))


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("'db.example' not found", [("dns.nxdomain", "warning", "db.example")]),
        ("Lookup failed due to system error: Connection timed out", [("dns.failure", "critical", "db.example")]),
        ("All attempts to contact name servers or networks failed", [("dns.failure", "critical", "db.example")]),
        ("Query aborted", [("command.failed", "warning", "resolvectl")]),
    ],
)
def test_reasons_of_resolvectl(reason: str, expected: list[tuple[str, str, str]]) -> None:
    output = f"db.example: resolve call failed: {reason}\n"
    assert kinds(analyze(output, "resolvectl query db.example", exit_code=1)) == expected
