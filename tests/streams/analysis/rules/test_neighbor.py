import json

import pytest

from tests.streams.analysis.corpora import as_execution, corpus
from tests.streams.analysis.judging import analyze, judge, kinds

_RESOLVED = ("REACHABLE", "STALE", "DELAY", "PROBE", "PERMANENT", "NOARP")


@pytest.mark.parametrize(
    ("state", "fires"), [*((state, False) for state in _RESOLVED), ("FAILED", True), ("INCOMPLETE", True)]
)
def test_states_of_ip_neigh(state: str, fires: bool) -> None:
    analysis = analyze(f"10.0.0.1 dev eth0 lladdr 52:54:00:62:c2:57 REACHABLE\n10.0.0.7 dev eth0 {state}\n", "ip neigh")
    assert kinds(analysis) == ([("neighbor.unreachable", "warning", "10.0.0.7")] if fires else [])
    assert analysis.facts["neighbors"] == "2"
    assert analysis.verdict == ("warning" if fires else "ok")


def test_one_finding_counts_them_all() -> None:
    output = "10.0.0.1 dev e FAILED\n10.0.0.2 dev e STALE\nfe80::1 dev e INCOMPLETE\n"
    analysis = analyze(output, "ip neigh show")
    assert kinds(analysis) == [("neighbor.unreachable", "warning", "10.0.0.1")]
    assert dict(analysis.findings[0].facts) == {"count": "2", "entries": "3"}


@pytest.mark.parametrize(
    ("os_type", "command", "output"),
    [
        ("linux", "arp -a", "? (10.0.0.7) at <incomplete> on eth0\n"),
        ("linux", "arp -n", "10.0.0.7                 (incomplete)                              eth0\n"),
        ("ios", "show ip arp", "Internet  10.0.0.7               0   Incomplete      ARPA\n"),
        ("linux", "ip -j neigh", json.dumps([{"dst": "10.0.0.7", "dev": "eth0", "state": ["FAILED"]}])),
        ("nxos", "show ip arp | json", json.dumps({"ROW_adj": [{"ip-addr-out": "10.0.0.7", "mac": "INCOMPLETE"}]})),
        ("nxos", "show ip arp | json", json.dumps({"ROW_adj": [{"ip-addr-out": "10.0.0.7", "incomplete": "true"}]})),
        ("panos", "show arp all", "vlan.1      10.0.0.7      (incomplete)      ethernet1/2     i      1016\n"),
        ("panos", "<show><arp/></show>", json.dumps({"entry": [{"status": "i", "ip": "10.0.0.7", "ttl": "1"}]})),
        ("routeros", "ipv6 neighbor print", ' 3   address=10.0.0.7 interface=bridge-lan status="failed"\n'),
        ("ios", "show ipv6 neighbors", "10.0.0.7                 0 -               INCMP Gi0/1\n"),
        ("vrp", "display ipv6 neighbors", "IPv6 Address : 10.0.0.7\nLink-layer   : -      State : INCMP\n"),
        ("exos", "show iparp", "VR-Default    10.0.0.7     (incomplete)     0    NO  vlan1\n"),
        ("linux", "ip n", "10.0.0.7 dev eth0 FAILED\n"),
    ],
)
def test_every_tables_words(os_type: str, command: str, output: str) -> None:
    assert kinds(analyze(output, command, os_type)) == [("neighbor.unreachable", "warning", "10.0.0.7")]


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("show lldp neighbors", "10.0.0.7 FAILED\n"),
        ("show running-config", "10.0.0.7 dev eth0 FAILED\n"),
        ("show ip route", "10.0.0.7 dev eth0 FAILED\n"),
        ("ip neighbor print", "0 interface=ether1 address=10.0.0.7 identity=failed\n"),
        ("show arp", "Total number of arp entries in cache: 8\n  Incomplete entry : 0\n"),
    ],
)
def test_look_alikes_are_no_evidence(command: str, output: str) -> None:
    assert kinds(analyze(output, command)) == []


def test_recorded_tables_of_hosts_are_ok_without_a_failed_entry() -> None:
    for row in corpus("suzieq"):
        if row["command"] == "ip neigh show":
            expected = "warning" if any(word in row["output"] for word in ("FAILED", "INCOMPLETE")) else "ok"
            assert judge(as_execution(row)).verdict == expected
