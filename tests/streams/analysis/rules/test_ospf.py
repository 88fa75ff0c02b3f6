import json

import pytest

from tests.streams.analysis.corpora import as_execution, corpus
from tests.streams.analysis.judging import analyze, judge, kinds

_HEADER = "Neighbor ID     Pri   State           Dead Time   Address         Interface\n"
_STATES = [
    ("FULL/DR", False),
    ("FULL/  -", False),
    ("2WAY/DROTHER", False),
    ("INIT/DROTHER", True),
    ("EXSTART/DR", True),
    ("EXCHANGE/BDR", True),
    ("LOADING/DR", True),
    ("DOWN/DROTHER", True),
]


@pytest.mark.parametrize(("state", "fires"), _STATES)
@pytest.mark.parametrize(
    ("os_type", "command"),
    [("ios", "show ip ospf neighbor"), ("cumulus", "sudo vtysh -c 'show ip ospf vrf all neighbor'")],
)
def test_states_of_a_table(os_type: str, command: str, state: str, fires: bool) -> None:
    row = f"10.0.0.2          1   {state:<15} 00:00:37    10.1.1.2        GigabitEthernet0/1\n"
    findings = kinds(analyze(_HEADER + row, command, os_type))
    assert findings == ([("ospf.adjacency_down", "critical", "10.0.0.2")] if fires else [])


@pytest.mark.parametrize(("state", "fires"), [("Full", False), ("FULL", False), ("2-Way", False), ("ExStart", True)])
def test_states_of_details(state: str, fires: bool) -> None:
    output = (
        " Neighbor 10.0.0.2, interface address 10.1.1.2\n    In the area 0.0.0.0 via interface swp1\n"
        f"    Neighbor priority is 1, State is {state}, 4 state changes\n"
    )
    analysis = analyze(output, "sudo vtysh -c 'show ip ospf vrf all neighbor detail'", "cumulus")
    assert kinds(analysis) == ([("ospf.adjacency_down", "critical", "10.0.0.2")] if fires else [])
    if fires:
        assert (analysis.findings[0].line_start, analysis.findings[0].line_end) == (1, 3)


@pytest.mark.parametrize(("state", "fires"), [("full", False), ("2Ways", False), ("exchStart", True), ("init", True)])
def test_states_of_eos_json(state: str, fires: bool) -> None:
    output = json.dumps({"ospfNeighborEntries": [{"routerId": "10.0.0.2", "adjacencyState": state}]})
    findings = kinds(analyze(output, "show ip ospf neighbor detail | json", "eos"))
    assert bool(findings) == fires


def test_interface_states_are_no_neighbours() -> None:
    header = "Interface    PID   Area            IP Address/Mask    Cost  State Nbrs F/C\n"
    output = f"{header}Gi0/1        1     0               10.1.1.1/24        1     DOWN  0/0\n"
    assert kinds(analyze(output, "show ip ospf interface brief", "ios")) == []


def test_recorded_neighbours() -> None:
    seen = 0
    for row in corpus("suzieq"):
        if "ospf" in row["command"] and "neighbor" in row["command"]:
            analysis = judge(as_execution(row))
            assert analysis.verdict == "ok"
            seen += int(analysis.facts.get("ospf_neighbors", "0"))
    assert seen > 50


@pytest.mark.parametrize(
    ("os_type", "command", "output"),
    [
        (
            "vrp",
            "display ospf peer brief",
            " 0.0.0.0          GigabitEthernet0/0/1             10.0.0.2         {state}\n",
        ),
        (
            "vrp",
            "display ospf peer",
            " Router ID: 10.0.0.2         Address: 10.1.1.2\n   State: {state}  Mode:Nbr is  Master  Priority: 1\n",
        ),
        (
            "comware",
            "display ospf peer",
            " 10.0.0.2         10.1.1.2        1   36         {state}/DR        GE1/0/1\n",
        ),
        ("sros", "show router ospf neighbor", "to-r2            10.0.0.2        {state}       1    0       33\n"),
        (
            "panos",
            "show routing protocol ospf neighbor",
            "  neighbor address:              10.0.0.2\n  type:       dynamic\n  status:     {state}\n",
        ),
        (
            "routeros",
            "routing ospf neighbor print",
            '0 instance=default router-id=10.0.0.2 address=1.2.3.58 interface=vlan1 state="{state}" state-changes=5\n',
        ),
        (
            "fortinet",
            "get router info ospf neighbor",
            "10.0.0.2          1   {state}/DR      00:00:34    10.1.1.2   port1\n",
        ),
        (
            "iosxr",
            "show ospf neighbor detail",
            " Neighbor 10.0.0.2, interface address 10.1.1.1\n   State is {state}, 6\n",
        ),
    ],
)
@pytest.mark.parametrize(("state", "fires"), [("Init", True), ("ExStart", True), ("Full", False)])
def test_other_words_for_the_same(os_type: str, command: str, output: str, state: str, fires: bool) -> None:
    findings = kinds(analyze(output.format(state=state), command, os_type))
    assert findings == ([("ospf.adjacency_down", "critical", "10.0.0.2")] if fires else [])


def test_a_row_that_the_template_passes_over() -> None:
    output = (
        "Neighbor ID     Instance VRF      Pri State                  Dead Time   Address         Interface\n"
        "192.0.2.2       1        red      1   EXCH START/DR          00:00:31    192.0.2.1       Ethernet20/1\n"
        "192.0.2.6       1        red      0   FULL                   00:00:32    192.0.2.5       Vlan100\n"
    )
    analysis = analyze(output, "show ip ospf neighbor", "eos")
    assert kinds(analysis) == [("ospf.adjacency_down", "critical", "192.0.2.2")]
    assert analysis.facts["ospf_neighbors"] == "2"


@pytest.mark.parametrize(
    ("state", "fires"),
    [("FULL/DR", False), ("2WAY/OTHER", False), ("EXST/DR", True), ("EXCH/BDR", True), ("LOAD/DR", True)],
)
def test_abbreviated_states_of_netiron(state: str, fires: bool) -> None:
    header = "Port    Address         Pri State      Neigh Address   Neigh ID        Ev         Opt Cnt\n"
    row = f"v10     10.1.10.1       1   {state:<10} 10.1.10.2       10.65.12.1      5          2   0\n"
    found = kinds(analyze(header + row, "show ip ospf neighbor", "ironware"))
    assert found == ([("ospf.adjacency_down", "critical", "10.65.12.1")] if fires else [])


@pytest.mark.parametrize(("state", "fires"), [("FULL/BDR", False), ("EXSTART/BDR", True)])
def test_a_router_that_is_adjacent_on_one_link_and_not_on_another(state: str, fires: bool) -> None:
    output = (
        "Neighbors for OSPF 1\n\nNeighbor ID Pri State Dead Time Address Interface\n"
        f"10.0.0.13 1 {state} 00:00:39 10.13.14.1 Bundle-Ether1314.511\nNeighbor is up for 00:00:38\n"
        "10.0.0.13 1 FULL/BDR 00:00:34 10.13.14.5 Bundle-Ether1314.510\n  Neighbor is up for 17w1d\n"
    )
    analysis = analyze(output, "show ospf neighbor", "iosxr")
    assert kinds(analysis) == ([("ospf.adjacency_down", "critical", "10.0.0.13")] if fires else [])


@pytest.mark.parametrize(("state", "fires"), [("Full", False), ("TwoWay", False), ("Init", True)])
def test_a_neighbour_of_routeros_whose_state_stands_on_the_next_line(state: str, fires: bool) -> None:
    output = (
        "0 instance=default router-id=10.10.100.1 address=10.10.1.2 interface=GRE_A priority=1\n"
        f'  dr-address=0.0.0.0 backup-dr-address=0.0.0.0 state="{state}" state-changes=15\n'
    )
    analysis = analyze(output, "/routing ospf neighbor print detail without-paging", "routeros")
    assert kinds(analysis) == ([("ospf.adjacency_down", "critical", "10.10.100.1")] if fires else [])
    assert analysis.verdict == ("critical" if fires else "ok")
