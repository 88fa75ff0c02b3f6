import gc
import json
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from streams.analysis import Engine, Execution
from tests.streams.analysis.corpora import as_execution, corpus
from tests.streams.analysis.judging import analyze, judge, kinds

_RUNAWAY = ("cisco_s300", "show vlan")


@pytest.fixture(autouse=True)
def no_collector_callbacks() -> Iterator[None]:
    """Set aside the property tests' callback in the garbage collector: it reports a deadline as its own error."""
    callbacks = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = callbacks


def test_an_analysis_names_its_parser_and_rules() -> None:
    header = "Filesystem     1K-blocks     Used Available Use% Mounted on\n"
    output = f"{header}/dev/sda1          41152    10288     30864  25% /\n"
    analysis = analyze(output, "df")
    assert (analysis.parser, analysis.parse_status) == ("jc:df", "PARSED")
    assert analysis.parser_version
    assert analysis.rules_version
    assert len(analysis.fingerprint) == 16
    assert analysis.command_template == "df"


@pytest.mark.parametrize(
    ("os_type", "command", "output", "verdict", "parse_status"),
    [
        ("linux", "uname -s", "", "unknown", "UNPARSED"),
        ("linux", "no-such-tool", "anything\n", "unknown", "UNPARSED"),
        ("junos", "show ospf overview", "OSPF instance is not running\n", "ok", "UNPARSED"),
        ("cumulus", "vtysh -c 'show ip ospf neighbor'", "% OSPF instance not found\n", "ok", "UNPARSED"),
        ("linux", "bridge vlan show", "port\tvlan ids\n", "ok", "UNPARSED"),
        ("nxos", "show x | json", "{}\n", "ok", "PARSED"),
        ("ios", "show interfaces status", "this is no table\n", "unknown", "FAILED"),
        ("linux", "ip neigh", "10.0.0.1 dev e STALE\n", "ok", "PARTIAL"),
    ],
)
def test_ok_needs_proof(os_type: str, command: str, output: str, verdict: str, parse_status: str) -> None:
    analysis = analyze(output, command, os_type)
    assert (analysis.verdict, analysis.parse_status) == (verdict, parse_status)


def test_the_verdict_is_the_highest_severity() -> None:
    output = "Filesystem Size Used Avail Use% Mounted on\n/dev/a 9 8 1 90% /\n/dev/b 9 9 0 99% /b\n"
    assert analyze(output, "df -h").verdict == "critical"


def test_findings_come_in_the_order_of_the_output() -> None:
    output = "Filesystem Size Used Avail Use% Mounted on\n/dev/a 9 8 1 90% /z\n/dev/b 9 9 0 99% /b\n"
    assert [finding.subject for finding in analyze(output, "df -h").findings] == ["/z", "/b"]


@pytest.mark.parametrize("count", [50, 51, 300])
def test_at_most_fifty_findings_and_the_rest_is_counted(count: int) -> None:
    output = "".join(f"{n}: eth{n}: <BROADCAST> mtu 1500 state DOWN\n" for n in range(1, count + 1))
    findings = analyze(output, "ip link").findings
    assert [finding.kind for finding in findings[:50]] == ["interface.admin_down"] * 50
    if count == 50:
        assert len(findings) == 50
    else:
        assert len(findings) == 51
        assert (findings[50].kind, findings[50].facts["count"]) == ("findings.truncated", str(count - 50))


def test_truncation_keeps_the_worst() -> None:
    shut = "".join(f"{n}: eth{n}: <BROADCAST> mtu 1500 state DOWN\n" for n in range(1, 80))
    output = f"{shut}99: eth99: <NO-CARRIER,UP> mtu 1500 state DOWN\n"
    assert ("interface.down", "warning", "eth99") in kinds(analyze(output, "ip link"))


def test_truncation_keeps_what_concerns_the_whole_execution() -> None:
    output = "".join(f"{n}: eth{n}: <NO-CARRIER,UP> mtu 1500 state DOWN\n" for n in range(1, 80))
    analysis = analyze(output, "ip link", status="TIMEOUT")
    assert "command.timeout" in {finding.kind for finding in analysis.findings}
    assert len(analysis.findings) == 51


def test_json_that_carries_text_is_read_as_that_text() -> None:
    text = "Ethernet1 is down, line protocol is down (notconnect)\n  Hardware is Ethernet\n"
    analysis = analyze(json.dumps({"output": text}, indent=1), "show interfaces", "eos")
    assert kinds(analysis) == [("interface.down", "warning", "Ethernet1")]
    assert (analysis.findings[0].line_start, analysis.findings[0].line_end) == (2, 2)


def test_off_the_main_thread_the_answer_is_the_same() -> None:
    execution = Execution("t", "linux", "ip neigh", "OK", 0, "10.0.0.1 dev e FAILED\n")
    answers = []
    thread = threading.Thread(target=lambda: answers.append(Engine().analyze(execution)))
    thread.start()
    thread.join()
    assert answers == [judge(execution)]


def test_every_recorded_output_is_analysed_the_same_twice_with_verbatim_evidence() -> None:
    for name in ("suzieq", "jc", "ntc_templates"):
        for row in corpus(name)[::7]:
            execution = as_execution(row)
            if (execution.os_type, execution.command) != _RUNAWAY:
                assert judge(execution) == judge(execution)


def test_avro_takes_the_facts() -> None:
    for row in corpus("suzieq")[::5]:
        analysis = judge(as_execution(row))
        facts = [analysis.facts, *(finding.facts for finding in analysis.findings)]
        assert all(isinstance(value, str) for each in facts for value in each.values())
        assert len(analysis.findings) <= 51


def test_importing_the_engine_loads_no_template_and_no_parser() -> None:
    script = (
        "import sys\nfrom streams.analysis import Engine\nEngine()\n"
        "print(sum(name.startswith('jc.parsers.') for name in sys.modules))\n"
        "from streams.analysis.parsers import ntc\nprint(ntc._table.cache_info().currsize)\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["0", "0"]


@pytest.mark.parametrize(
    ("command", "verdict"),
    [("show version | display xml", "ok"), ("show interfaces | display xml", "unknown")],
)
def test_an_xml_answer_proves_nothing_where_rules_would_have_looked(command: str, verdict: str) -> None:
    """No rule reads XML: the port may be down for all they know."""
    output = "<rpc-reply>\n <name>em0</name>\n <oper-status>down</oper-status>\n</rpc-reply>\n"
    assert analyze(output, command, "junos").verdict == verdict
