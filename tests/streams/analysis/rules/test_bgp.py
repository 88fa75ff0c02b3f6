import json

import pytest

from tests.streams.analysis.corpora import as_execution, corpus, recorded
from tests.streams.analysis.judging import analyze, judge, kinds

_HEADER = "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n"


@pytest.mark.parametrize(
    ("state", "severity"),
    [
        ("12", None),
        ("0", None),
        ("Idle", "critical"),
        ("Active", "critical"),
        ("Connect", "critical"),
        ("OpenSent", "critical"),
        ("OpenConfirm", "critical"),
        ("Idle (Admin)", "info"),
    ],
)
@pytest.mark.parametrize(
    ("os_type", "command"),
    [("ios", "show ip bgp summary"), ("cumulus", "sudo vtysh -c 'show ip bgp summary'"), ("other", "show bgp summary")],
)
def test_every_state_of_a_session(os_type: str, command: str, state: str, severity: str | None) -> None:
    row = f"10.0.0.2        4        65002       9       9        1    0    0 01:02:03 {state}\n"
    analysis = analyze(f"BGP router identifier 10.0.0.1, local AS number 65001\n{_HEADER}{row}", command, os_type)
    assert kinds(analysis) == ([("bgp.session_down", severity, "10.0.0.2")] if severity else [])
    if severity:
        assert analysis.findings[0].facts["as"] == "65002"
        assert analysis.findings[0].facts["state"] == state
    assert analysis.facts["peers_established"] == ("0" if severity else "1")


def test_a_neighbour_of_the_details_is_quoted_with_its_state() -> None:
    output = (
        "BGP neighbor is 10.0.0.2,  remote AS 65002, external link\n  BGP version 4, remote router ID 0.0.0.0\n"
        "  BGP state = Idle\n  Neighbor sessions:\n"
    )
    finding = analyze(output, "show ip bgp neighbors", "ios").findings[0]
    assert (finding.subject, finding.line_start, finding.line_end) == ("10.0.0.2", 1, 3)


def test_a_neighbour_shut_in_the_details_is_info() -> None:
    output = (
        "BGP neighbor is 10.0.0.2, remote AS 65002, local AS 65001, external link\n"
        "  BGP version 4, remote router ID 0.0.0.0\n  BGP state = Idle\n Administratively shut down\n"
    )
    assert kinds(analyze(output, 'vtysh -c "show bgp neighbors"')) == [("bgp.session_down", "info", "10.0.0.2")]


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("show ip bgp", "BGP table version is 5, local router ID is 10.0.0.1\nBGP table state: Active\n"),
        ("show running-config | section bgp", "router bgp 65001\n neighbor 10.0.0.2 description Idle\n"),
        ("show bgp summary", "BGP is not running\n"),
        ("show ip route", f"{_HEADER}10.0.0.2 4 65002 9 9 1 0 0 never Idle\n"),
    ],
)
def test_look_alikes_are_no_evidence(command: str, output: str) -> None:
    assert kinds(analyze(output, command, "ios")) == []


@pytest.mark.parametrize(("state", "fires"), [("Established", False), ("Idle", True), ("Active", True)])
def test_json_of_every_system(state: str, fires: bool) -> None:
    answers = {
        "eos": {"vrfs": {"RED": {"vrf": "RED", "peers": {"10.0.0.2": {"asn": "65002", "peerState": state}}}}},
        "nxos": {"TABLE_vrf": {"ROW_vrf": {"vrf-name-out": "RED", "TABLE_neighbor": {"ROW_neighbor": {
            "neighborid": "10.0.0.2", "neighboras": "65002", "state": state}}}}},
        "junos": {"bgp-information": [{"bgp-peer": [{"peer-address": [{"data": "10.0.0.2+179"}], "peer-as": [
            {"data": "65002"}], "peer-cfg-rti": [{"data": "RED"}], "peer-state": [{"data": state}]}]}]},
        "panos": {"entry": {"@peer": "10.0.0.2", "@vr": "RED", "remote-as": "65002", "status": state}},
        "cumulus": {"RED": {"vrfName": "RED", "10.0.0.2": {"bgpNeighborAddr": "10.0.0.2", "remoteAs": 65002,
            "bgpState": state}}},
    }  # fmt: skip
    for os_type, answer in answers.items():
        for indent in (None, 2):
            analysis = analyze(json.dumps(answer, indent=indent), "show bgp neighbors | json", os_type)
            assert kinds(analysis) == ([("bgp.session_down", "critical", "10.0.0.2")] if fires else []), os_type
            if fires:
                facts = analysis.findings[0].facts
                assert (facts["as"], facts["vrf"], facts["state"]) == ("65002", "RED", state), os_type


@pytest.mark.parametrize(("established", "fires"), [(3, False), (2, True), (0, True)])
def test_outputs_that_only_count_peers(established: int, fires: bool) -> None:
    output = json.dumps({"vrf": "RED", "configuredpeers": 3, "capablepeers": established})
    analysis = analyze(output, "show bgp all summary vrf all | json native", "nxos")
    assert kinds(analysis) == ([("bgp.session_down", "critical", "VRF RED")] if fires else [])
    assert analysis.facts["peers_established"] == str(established)


def test_one_finding_a_vrf_that_counts() -> None:
    output = (
        "Type  Id     routerId          #PeersCfg  #PeersEstb  Name\n"
        "DFLT  0      10.0.0.1          4          3           default\n"
        "VRF   5      10.0.0.2          2          2           BLUE\n"
    )
    analysis = analyze(output, 'vtysh -c "show bgp vrfs"')
    assert kinds(analysis) == [("bgp.session_down", "critical", "VRF default")]


def test_eos_carries_neighbours_inside_json() -> None:
    analysis = judge(recorded("suzieq", "eos", "show ip bgp neighbors vrf all"))
    assert analysis.verdict == "ok"
    assert int(analysis.facts["peers_established"]) > 1


def test_recorded_sessions_agree_with_the_states_in_the_json() -> None:
    for row in corpus("suzieq"):
        if row["command"] != "net show bgp vrf all neighbor json":
            continue
        analysis = judge(as_execution(row))
        down = row["output"].count('"bgpState":') - row["output"].count('"bgpState":"Established"')
        assert len(analysis.findings) == down
        assert all(finding.subject != "none" for finding in analysis.findings)


def test_recorded_summaries_agree_with_the_libraries_rows() -> None:
    for row in corpus("ntc_templates"):
        if (row["platform"], row["command"]) == ("cisco_ios", "show ip bgp summary"):
            analysis = judge(as_execution(row))
            down = [
                peer["bgp_neighbor"] for peer in row["expected"] if not peer["state_or_prefixes_received"].isdigit()
            ]
            assert [finding.subject for finding in analysis.findings] == down
