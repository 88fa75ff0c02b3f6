"""BGP neighbours in the words of platforms whose outputs no template reads, or reads only in part."""

import pytest

from tests.streams.analysis.judging import analyze, kinds

JUNOS_SUMMARY = (
    "Groups: 2 Peers: 2 Down peers: 1\n"
    "Peer                     AS      InPkt     OutPkt    OutQ   Flaps Last Up/Dwn State|#Active/Received/Accepted\n"
    "10.0.0.1              65001          0          0       0       0 {since} {state}\n"
    "10.0.0.2              65002         10         12       0       1       12:30 1/1/1/0              0/0/0/0\n"
)
FRR_SUMMARY = (
    "IPv4 Unicast Summary (VRF red):\n"
    "BGP router identifier 10.0.0.11, local AS number 65011 vrf-id 0\n\n"
    "Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc\n"
    "{neighbor:<15} 4      65001         0         0        0    0    0    never {state:>12}        0 N/A\n"
)


@pytest.mark.parametrize("state", ["Active", "Idle", "Connect", "OpenSent", "OpenConfirm"])
@pytest.mark.parametrize("since", ["1:23:45", "12:30", "35w2d 3:57:43"])
def test_junos_rows_that_the_template_passes_over(since: str, state: str) -> None:
    found = kinds(analyze(JUNOS_SUMMARY.format(since=since, state=state), "show bgp summary", "junos"))
    assert found == [("bgp.session_down", "critical", "10.0.0.1")]


def test_junos_established_is_ok() -> None:
    assert analyze(JUNOS_SUMMARY.format(since="12:30", state="Establ"), "show bgp summary", "junos").verdict == "ok"


@pytest.mark.parametrize(("state", "fires"), [("Active", True), ("Established", False)])
def test_junos_details(state: str, fires: bool) -> None:
    output = (
        "Peer: 10.0.0.1+179 AS 65001    Local: 10.0.0.9+52000 AS 65000\n"
        "  Group: EXT                   Routing-Instance: red\n"
        f"  Type: External    State: {state}         Flags: <>\n"
        "  Last State: OpenConfirm   Last Event: Start\n"
    )
    analysis = analyze(output, "show bgp neighbor", "junos")
    assert kinds(analysis) == ([("bgp.session_down", "critical", "10.0.0.1")] if fires else [])
    if fires:
        assert dict(analysis.findings[0].facts) == {"state": "Active", "as": "65001", "vrf": "red"}


@pytest.mark.parametrize(
    ("neighbor", "state", "expected"),
    [
        ("10.0.0.1", "Active", "critical"),
        ("swp2", "Idle", "critical"),
        ("10.0.0.1", "Idle (Admin)", "info"),
        ("10.0.0.1", "6", None),
        ("10.0.0.1", "(Policy)", None),
    ],
)
def test_frr_summary(neighbor: str, state: str, expected: str | None) -> None:
    output = FRR_SUMMARY.format(neighbor=neighbor, state=state)
    analysis = analyze(output, "vtysh -c 'show ip bgp summary'", "linux")
    assert kinds(analysis) == ([("bgp.session_down", expected, neighbor)] if expected else [])
    if expected:
        assert analysis.findings[0].facts["vrf"] == "red"


@pytest.mark.parametrize(("state", "fires"), [("Connect", True), ("5/5/10 (IPv4)", False)])
@pytest.mark.parametrize("description", ["", "to the data centre\n"])
def test_sros_rows_of_several_lines(description: str, state: str, fires: bool) -> None:
    output = (
        "Neighbor\nDescription\n"
        "                   AS PktRcvd InQ  Up/Down   State|Rcv/Act/Sent (Addr Family)\n"
        "                      PktSent OutQ\n"
        f"-----\n10.0.0.2\n{description}                65002       0    0 00h00m05s {state}\n"
        "                            0    0\n"
    )
    found = kinds(analyze(output, "show router bgp summary", "sros"))
    assert found == ([("bgp.session_down", "critical", "10.0.0.2")] if fires else [])


@pytest.mark.parametrize(
    ("os_type", "command", "output", "severity"),
    [
        ("panos", "show routing protocol bgp summary", "    peer DC 1:  AS 65253, Idle, IP 10.0.0.1\n", "critical"),
        ("panos", "show routing protocol bgp summary", "    peer DC 1:  AS 65253, Established, IP 10.0.0.1\n", None),
        (
            "vrp",
            "display bgp peer verbose",
            "         BGP Peer is 10.0.0.1,  remote AS 200\n         BGP current state: Idle\n",
            "critical",
        ),
        (
            "iosxe",
            "show bgp all neighbors",
            "BGP neighbor is 10.0.0.1,  remote AS 65001, external link\n  BGP state = Idle, down for never\n",
            "critical",
        ),
        (
            "iosxe",
            "show bgp all neighbors",
            (
                "BGP neighbor is 10.0.0.1,  remote AS 65001, external link\n  Administratively shut down\n"
                "  BGP state = Idle, down for never\n"
            ),
            "info",
        ),
        (
            "nxos",
            "show bgp sessions",
            (
                "Neighbor        ASN    Flaps LastUpDn|LastRead|LastWrit St Port(L/R)  Notif(S/R)\n"
                "10.0.0.1        65003 0     never   |never   |never    I   0/0            0/0\n"
            ),
            "critical",
        ),
    ],
)
def test_other_words_for_the_same(os_type: str, command: str, output: str, severity: str | None) -> None:
    found = kinds(analyze(output, command, os_type))
    assert found == ([("bgp.session_down", severity, "10.0.0.1")] if severity else [])


def test_the_identifier_of_a_vrf_is_not_its_name() -> None:
    output = (
        "BGP VRF CBA:7777, state: Active\nVRF ID: 0x60000002\n\n"
        "Neighbor        Spk    AS MsgRcvd MsgSent   TblVer  InQ OutQ  Up/Down  St/PfxRcd\n"
        "10.29.246.174     0 64649  687457  625254        0    0    0 03:10:19  Active\n"
    )
    analysis = analyze(output, "show bgp vrf all summary", "some_os")
    assert analysis.findings[0].facts["vrf"] == "CBA:7777"


@pytest.mark.parametrize(("state", "fires"), [("Connect", True), ("Established", False)])
def test_rows_after_a_blank_line(state: str, fires: bool) -> None:
    output = (
        "  Peer                    AS  MsgRcvd  MsgSent OutQ PrefRcv Up/Down  State\n\n"
        f"  10.0.0.1               100        0        0    0       0 0129h15m {state}\n"
    )
    found = kinds(analyze(output, "display bgp peer ipv4", "some_os"))
    assert found == ([("bgp.session_down", "critical", "10.0.0.1")] if fires else [])


def test_rows_that_begin_with_a_description() -> None:
    output = (
        "  Description     Neighbor         V  AS    MsgRcvd   MsgSent  InQ OutQ  Up/Down State   PfxRcd PfxAcc\n"
        "  to the core     10.0.0.1         4  5000        0         0    0    0  118d18h Idle(NoIf)\n"
        "  RTR 6 to 5      10.0.0.2         4  5000      151       230    0    0 02:54:01 Estab   12     16\n"
    )
    analysis = analyze(output, "show ip bgp summary", "some_os")
    assert kinds(analysis) == [("bgp.session_down", "critical", "10.0.0.1")]
    assert analysis.facts["peers"] == "2"


CISCO_HEADER = "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n"


@pytest.mark.parametrize("os_type", ["iosxe", "nxos", "iosxr"])
@pytest.mark.parametrize(
    "row",
    [
        "2001:db8:0:1::1\n                4        65001       0       0        1    0    0 never    {state}\n",
        "2001:db8:0:1::1 4 4230103023\n                           0       0        1    0    0 never    {state}\n",
        "2001:db8:0:1::1\n                4 4230103023\n                   0  0  1    0    0 5w6d     {state}\n",
    ],
)
@pytest.mark.parametrize(
    ("state", "severity"), [("Idle", "critical"), ("Active", "critical"), ("Shut (Admin)", "info"), ("12", None)]
)
def test_rows_too_wide_for_a_line(row: str, os_type: str, state: str, severity: str | None) -> None:
    analysis = analyze(CISCO_HEADER + row.format(state=state), "show bgp ipv6 unicast summary", os_type)
    assert kinds(analysis) == ([("bgp.session_down", severity, "2001:db8:0:1::1")] if severity else [])
    assert analysis.facts["peers"] == "1"
    if severity:
        assert (analysis.findings[0].line_start, analysis.findings[0].line_end) == (2, 1 + row.count("\n"))


def test_rows_that_count_nothing() -> None:
    row = "10.0.0.1     0 64514       --      --       --    0    0     3d4h Idle\n"
    header = "Neighbor    Spk    AS MsgRcvd MsgSent   TblVer  InQ OutQ  Up/Down  St/PfxRcd\n"
    found = kinds(analyze(header + row, "show bgp vpnv4 unicast summary", "iosxr"))
    assert found == [("bgp.session_down", "critical", "10.0.0.1")]


def test_a_list_of_names_below_a_heading_is_no_neighbour() -> None:
    output = f"{CISCO_HEADER}Total\n     12 prefixes 4 of 5 never Idle\n"
    assert kinds(analyze(output, "show bgp summary", "iosxe")) == []


@pytest.mark.parametrize(("state", "fires"), [("Active", True), ("6400", False)])
def test_sonics_header_and_its_spelling(state: str, fires: bool) -> None:
    output = (
        "IPv4 Unicast Summary:\n"
        "Neighbhor      V     AS    MsgRcvd    MsgSent    TblVer   InQ   OutQ  Up/Down    State/PfxRcd   NeighborName\n"
        "-----------  ---  -----  ---------  ---------  -------  -----  ------  ---------  ------------  ------------\n"
        f"10.0.0.5       4  65200          0          0         0      0       0  never      {state:<14}  LEAF03\n"
    )
    found = kinds(analyze(output, "show ip bgp summary", "sonic"))
    assert found == ([("bgp.session_down", "critical", "10.0.0.5")] if fires else [])


@pytest.mark.parametrize(("row", "fires"), [("0 Never    Active", True), ("0 00:10:00      5", False)])
def test_summary_of_openbgpd(row: str, fires: bool) -> None:
    header = "Neighbor                   AS    MsgRcvd    MsgSent  OutQ Up/Down  State/PrfRcvd\n"
    output = f"{header}192.0.2.1               65002         10         12     {row}\n"
    found = kinds(analyze(output, "bgpctl show summary", "openbsd"))
    assert found == ([("bgp.session_down", "critical", "192.0.2.1")] if fires else [])
