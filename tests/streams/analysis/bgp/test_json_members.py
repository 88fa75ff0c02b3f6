"""FRR's ways to put a neighbour into JSON."""

import json

import pytest

from tests.streams.analysis.judging import analyze, kinds


@pytest.mark.parametrize(
    ("members", "severity"),
    [
        ({"bgpState": "Established"}, None),
        ({"bgpState": "Active"}, "critical"),
        ({"bgpState": "Idle", "adminShutDown": True}, "info"),
        ({"bgpState": "Idle", "bgpNeighborAddr": "none"}, "critical"),
    ],
)
def test_a_neighbour_is_named_by_its_key(members: dict[str, object], severity: str | None) -> None:
    output = json.dumps({"default": {"vrfId": 0, "vrfName": "default", "swp2": {"remoteAs": 65000, **members}}})
    found = kinds(analyze(output, "net show bgp vrf all neighbor json", "cumulus"))
    assert found == ([("bgp.session_down", severity, "swp2")] if severity else [])


@pytest.mark.parametrize(
    ("state", "peer_state", "severity"),
    [
        ("Established", "OK", None),
        ("Established", "Policy", None),
        ("Active", "Policy", "critical"),
        ("Idle", "Admin", "info"),
        ("Idle (Admin)", "Admin", "info"),
    ],
)
def test_states_of_a_summary(state: str, peer_state: str, severity: str | None) -> None:
    peers = {"10.0.0.2": {"remoteAs": 65002, "state": state, "peerState": peer_state}}
    output = json.dumps({"ipv4Unicast": {"vrfName": "default", "peerCount": 1, "peers": peers}})
    found = kinds(analyze(output, "vtysh -c 'show ip bgp summary json'"))
    assert found == ([("bgp.session_down", severity, "10.0.0.2")] if severity else [])
