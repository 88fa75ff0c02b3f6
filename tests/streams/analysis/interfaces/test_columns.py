"""Tables that no template reads, as the engine sees them: the platform is one that nothing here knows."""

import pytest

from tests.streams.analysis.judging import analyze, kinds

DOWN = ("interface.down", "warning")
UNPLUGGED = ("interface.down", "info")
SHUT = ("interface.admin_down", "info")

SONIC = (
    "  Interface            Lanes    Speed    MTU          Alias    Oper    Admin    Asym PFC\n"
    "-----------  ---------------  -------  -----  -------------  ------  -------  ----------\n"
    "  Ethernet0      25,26,27,28      40G   9100  fortyGigE0/0  {oper:>6}  {admin:>7}         off\n"
)


@pytest.mark.parametrize(
    ("oper", "admin", "expected"),
    [("up", "up", None), ("down", "up", DOWN), ("down", "down", SHUT)],
)
def test_columns_that_a_rule_below_the_header_shows(oper: str, admin: str, expected: tuple[str, str] | None) -> None:
    found = kinds(analyze(SONIC.format(oper=oper, admin=admin), "show interfaces status", "sonic"))
    assert found == ([(*expected, "Ethernet0")] if expected else [])


@pytest.mark.parametrize(("cell", "expected"), [("up/up", None), ("up/down", DOWN), ("down/down", SHUT)])
def test_a_column_of_two_states(cell: str, expected: tuple[str, str] | None) -> None:
    output = (
        "Interface    IPv4 address/mask    Admin/Oper    BGP Neighbor\n"
        "-----------  -------------------  ------------  --------------\n"
        f"Ethernet4    10.0.0.2/31          {cell:<12}  ARISTA02T2\n"
    )
    found = kinds(analyze(output, "show ip interfaces", "sonic"))
    assert found == ([(*expected, "Ethernet4")] if expected else [])


@pytest.mark.parametrize(
    ("status", "protocol", "expected"),
    [
        ("up", "up", None),
        ("up", "down", DOWN),
        ("down", "down", DOWN),
        ("administratively down", "down", SHUT),
    ],
)
def test_columns_by_the_words_of_the_header(status: str, protocol: str, expected: tuple[str, str] | None) -> None:
    output = (
        "Interface                  IP-Address      OK? Method Status                Protocol\n"
        f"GigabitEthernet1/4         unassigned      YES unset  {status:<21} {protocol}\n"
    )
    found = kinds(analyze(output, "show ip interface brief", "some_os"))
    assert found == ([(*expected, "GigabitEthernet1/4")] if expected else [])


@pytest.mark.parametrize(("state", "expected"), [("UP", None), ("DN", DOWN), ("ADMDN", SHUT)])
def test_the_state_before_the_name(state: str, expected: tuple[str, str] | None) -> None:
    output = (
        "State  Name    Spd  MTU    Mode\n"
        "-----  ------  ---  -----  ----------\n"
        f"{state:<5}  swp4    1G   9216   Default\n"
    )
    found = kinds(analyze(output, "net show interface", "cumulus"))
    assert found == ([(*expected, "swp4")] if expected else [])


@pytest.mark.parametrize(("errors", "severity"), [(0, None), (1, "info"), (130, "info"), (132, "warning")])
def test_counters_of_sonic(errors: int, severity: str | None) -> None:
    output = (
        "      IFACE    STATE    RX_OK    RX_ERR    RX_DRP    TX_OK    TX_ERR    TX_DRP\n"
        "-----------  -------  -------  --------  --------  -------  --------  --------\n"
        f"  Ethernet0        U  131,000  {errors:>8}     3,214  470,870         0         0\n"
    )
    found = kinds(analyze(output, "show interfaces counters", "sonic"))
    assert found == ([("interface.errors", severity, "Ethernet0")] if severity else [])


def test_counters_that_count_in_detail_count_once() -> None:
    output = (
        "Port        Align-Err    FCS-Err   Xmit-Err    Rcv-Err  UnderSize  OutDiscards\n"
        "Gi1/0/1             0          0          0          0          0            9\n"
        "Gi1/0/2             0         12          0         12          0            0\n"
    )
    analysis = analyze(output, "show interfaces counters errors", "ios")
    assert kinds(analysis) == [("interface.errors", "info", "Gi1/0/2")]
    assert analysis.findings[0].facts["input_errors"] == "12"


def test_netstat() -> None:
    output = (
        "Kernel Interface table\n"
        "Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n"
        "eth0             1500   273828      5      0 0        193820      0      0      0 BMRU\n"
        "lo              65536    48600      0      9 0         48600      0      0      0 LRU\n"
    )
    assert kinds(analyze(output, "netstat -i")) == [("interface.errors", "info", "eth0")]


@pytest.mark.parametrize(("status", "verdict"), [("up", "ok"), ("perplexed", "unknown")])
def test_a_state_nobody_knows_proves_nothing(status: str, verdict: str) -> None:
    output = f"Interface    Speed    Status\nEth1         10G      up\nEth2         10G      {status}\n"
    assert analyze(output, "show interfaces status", "some_os").verdict == verdict


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("show ip ospf interface brief", "Interface    PID   Area  State Nbrs\nTu1603       1     0     DOWN  0/0\n"),
        ("show spanning-tree", "Interface    Role Sts  Cost  State\nGi0/1        Desg FWD  4     disabled\n"),
        ("show interfaces trunk", "Port     Mode   Status        Native vlan\nGi1/0/2  auto   not-trunking  1\n"),
        ("show interfaces description", "Port      Description\ngi1       server is down\n"),
    ],
)
def test_states_of_other_things_are_no_evidence(command: str, output: str) -> None:
    assert kinds(analyze(output, command, "some_os")) == []


@pytest.mark.parametrize(
    ("admin", "link", "expected"), [("Up", "Up", None), ("Up", "Down", DOWN), ("Down", "Down", SHUT)]
)
def test_a_header_of_two_lines(admin: str, link: str, expected: tuple[str, str] | None) -> None:
    output = (
        "         Admin Link\nPort     State State       Description\n-------- ----- ----------- -----------\n"
        f"gi1/0/1  {admin:<5} {link:<11} mirror\n"
    )
    found = kinds(analyze(output, "show interfaces description", "some_os"))
    assert found == ([(*expected, "gi1/0/1")] if expected else [])


def test_two_columns_of_one_name_are_not_told_apart() -> None:
    output = "VPN  INTERFACE    STATUS  STATUS\n0    eth1         Down    Up\n"
    assert analyze(output, "show interface", "some_os").verdict == "unknown"


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        ("up", "none", None),
        ("down", "Link not connected", UNPLUGGED),
        ("down", "Administratively down", SHUT),
        ("down", "suspended by vpc", DOWN),
    ],
)
def test_a_reason_beside_the_state(status: str, reason: str, expected: tuple[str, str] | None) -> None:
    output = (
        "Ethernet      VLAN    Type Mode   Status  Reason                   Speed     Port\n"
        "Interface                                                                    Ch #\n"
        "--------------------------------------------------------------------------------\n"
        f"Eth1/4        1       eth  access {status:<7} {reason:<24} auto(D) --\n"
    )
    found = kinds(analyze(output, "show interface brief", "some_os"))
    assert found == ([(*expected, "Eth1/4")] if expected else [])


@pytest.mark.parametrize(
    ("admin", "link", "expected"), [("up", "up", None), ("up", "down", DOWN), ("down", "down", SHUT)]
)
def test_columns_whose_names_end_in_status(admin: str, link: str, expected: tuple[str, str] | None) -> None:
    output = (
        "Interface       IP-Address      Admin-Status Link-Status VRF\n"
        f"Ethernet1/5     20.131.1.1      {admin:<12} {link:<11} default\n"
    )
    found = kinds(analyze(output, "show ip interface brief vrf all", "cnos"))
    assert found == ([(*expected, "Ethernet1/5")] if expected else [])


@pytest.mark.parametrize(
    ("admin", "oper", "expected"), [("up", "up", None), ("up", "down", DOWN), ("down", "down", SHUT)]
)
def test_a_header_of_two_lines_over_one_rule(admin: str, oper: str, expected: tuple[str, str] | None) -> None:
    output = (
        "PORT                            LINK  PORT           PHYSICAL          STATUS\n"
        "NUM      INDEX DESCRIPTION      TRAP  LOCK     MTU   ADDRESS           ADMIN  OPERATE\n"
        "------------------------------------------------------------------------------------------\n"
        f"1/1      192   10GbNone         true  false    1950  00:51:00:16:40:00 {admin:<6} {oper:<7}\n"
    )
    found = kinds(analyze(output, "show interfaces gigabitEthernet interface", "voss"))
    assert found == ([(*expected, "1/1")] if expected else [])


def test_a_numbered_list_without_ports_is_no_table_of_interfaces() -> None:
    output = "NUM   NAME      STATUS\n----------------------\n1     backup    down\n"
    assert kinds(analyze(output, "show interfaces profiles", "voss")) == []
