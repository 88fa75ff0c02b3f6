"""Outputs that are made to take long: each costs its deadline and leaves nothing broken behind."""

import gc
import signal
from collections.abc import Iterator

import pytest

from streams.analysis import Engine, Execution
from tests.streams.analysis.corpora import as_execution, corpus, recorded
from tests.streams.analysis.judging import assert_verbatim

_SHORT = 0.03
_TEXTS = {
    **{f"a megabyte of {character!r}": character * 1_000_000 for character in " a1-%{[<\x00\x08\ufffd"},
    "braces": "{" * 500_000 + "}" * 500_000,
    "nested lists": "[" * 100_000 + "]" * 100_000,
    "nested XML": "<data>" + "<a>" * 50_000 + "</a>" * 50_000 + "</data>",
    "lines": "x\n" * 200_000,
    "empty lines": "\n" * 200_000,
    "blanks and a nul": " " * 1_000_000 + "\x00",
    "a header of headers": "Filesystem " + "Use% " * 200_000,
    "colours": "\x1b[31mup\x1b[0m\n" * 100_000,
    "returns": "\r\n" * 200_000,
    "pages": "--More--\x08\x08\x08 x\n" * 50_000,
    "interfaces": "Eth1 is down, line protocol is down\n" * 200_000,
    "interfaces with returns": "Eth1 is down, line protocol is down\r\n" * 100_000,
    "addresses": "2: eth0: <UP> mtu 1500 state DOWN\n    inet 10.0.0.1/24\n" * 100_000,
    "file systems": "Filesystem Size Used Avail Use% Mounted on\n" + "/dev/a 9 8 1 90% /\n" * 200_000,
    "neighbours": "Neighbor V AS MsgRcvd State/PfxRcd\n" + "10.0.0.1 4 65001 0 0 1 0 0 never Idle\n" * 200_000,
    "answers": "64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.5 ms\n" * 200_000,
    "losses": "4 packets transmitted, 1 received, 75% packet loss\n" * 100_000,
    "refusals": "x: Permission denied\n" * 100_000,
    "unknown commands": "command not found\n" * 100_000,
    "objects": "[" + '{"interface":"e1","state":"down","admin_state":"up"},' * 20_000 + "{}]",
}
_VLANS = "Vlan       Name                   Ports                Type     Authorization\n"
_COMMANDS = (
    ("linux", "df -h"),
    ("linux", "ip addr"),
    ("linux", "ping x"),
    ("linux", "ip neigh"),
    ("linux", "free"),
    ("linux", "ps aux"),
    ("linux", "no-such-tool"),
    ("ios", "show interfaces"),
    ("ios", "show ip bgp summary"),
    ("ios", "show environment"),
    ("junos", "show interfaces | display json"),
)


@pytest.fixture(autouse=True)
def no_collector_callbacks() -> Iterator[None]:
    """Set aside the property tests' callback in the garbage collector: it reports a deadline as its own error."""
    callbacks = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = callbacks


@pytest.fixture(autouse=True)
def no_timer() -> Iterator[None]:
    """Set the test runner's own timer aside."""
    handler, timer = signal.getsignal(signal.SIGALRM), signal.setitimer(signal.ITIMER_REAL, 0)
    yield
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, *timer)


@pytest.mark.parametrize("text", list(_TEXTS.values()), ids=list(_TEXTS))
# The alarm may ring within the collector or a destructor, where an exception can only be reported; it rings again.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_any_output_of_any_command_ends(text: str) -> None:
    for os_type, command in _COMMANDS:
        analysis = Engine(_SHORT).analyze(Execution("t", os_type, command, "OK", 0, text))
        for finding in analysis.findings:
            assert_verbatim(finding, text)
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize("dashes", [26, 200])
def test_a_template_that_backtracks_without_end_is_a_timeout(dashes: int) -> None:
    execution = Execution("t", "cisco_s300", "show vlan", "OK", 0, f"{_VLANS}{'-' * dashes}x\n")
    assert Engine(_SHORT).analyze(execution).parse_status == "TIMEOUT"


def test_after_a_timeout_rules_still_read() -> None:
    output = f"{_VLANS}{'-' * 60}x\n% Invalid input detected\n"
    analysis = Engine(0.3).analyze(Execution("t", "cisco_s300", "show vlan", "OK", 0, output))
    assert analysis.parse_status == "TIMEOUT"
    assert [finding.kind for finding in analysis.findings] == ["command.not_found"]


def test_the_deadline_of_a_call_stands_above_the_engines() -> None:
    execution = recorded("ntc_templates", "cisco_s300", "show vlan")
    assert Engine(30.0).analyze(execution, deadline=_SHORT).parse_status == "TIMEOUT"


def test_no_time_at_all_is_a_timeout_that_says_nothing() -> None:
    analysis = Engine(0.0).analyze(recorded("jc", "centos-7.7", "df -h"))
    assert (analysis.parse_status, analysis.verdict, analysis.findings) == ("TIMEOUT", "unknown", ())


@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", ["jc", "ntc_templates", "suzieq"])
def test_an_interruption_anywhere_leaves_the_next_analysis_as_it_was(name: str) -> None:
    engine = Engine(5.0)
    for number, row in enumerate(corpus(name)[::23]):
        execution = as_execution(row)
        if (execution.os_type, execution.command) == ("cisco_s300", "show vlan"):
            continue
        expected = engine.analyze(execution)
        for microseconds in (20, 60, 150, 400, 1000):
            engine.analyze(execution, deadline=(microseconds + number % 17) / 1e6)
        assert engine.analyze(execution) == expected
