import json

import pytest

from tests.streams.analysis.corpora import as_execution, corpus, recorded
from tests.streams.analysis.judging import analyze, judge, kinds

DOWN = ("interface.down", "warning")
UNPLUGGED = ("interface.down", "info")
SHUT = ("interface.admin_down", "info")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Gi0/1 is up, line protocol is up", None),
        ("Gi0/1 is up, line protocol is up (connected)", None),
        ("Gi0/1 is down, line protocol is down", DOWN),
        ("Gi0/1 is down, line protocol is down (notconnect)", DOWN),
        ("Gi0/1 is up, line protocol is down", DOWN),
        ("Gi0/1 is up, line protocol is down (suspended)", DOWN),
        ("Gi0/1 is down, line protocol is down (err-disabled)", DOWN),
        ("Gi0/1 is down, line protocol is lowerlayerdown", DOWN),
        ("Gi0/1 is administratively down, line protocol is down", SHUT),
        ("Gi0/1 is administratively down, line protocol is down (disabled)", SHUT),
    ],
)
@pytest.mark.parametrize("os_type", ["ios", "eos", "cumulus"])
def test_link_and_line_protocol(os_type: str, line: str, expected: tuple[str, str] | None) -> None:
    analysis = analyze(f"{line}\n  Hardware is iGbE\n", "show interfaces", os_type)
    assert kinds(analysis) == ([(*expected, "Gi0/1")] if expected else [])
    if expected:
        assert analysis.findings[0].evidence.startswith(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default", None),
        ("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default", None),
        ("2: eth0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc mq state DOWN group default", DOWN),
        ("2: eth0: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc mq state DOWN group default", DOWN),
        ("2: eth0: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc mq state LOWERLAYERDOWN group default", DOWN),
        ("2: eth0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default", SHUT),
    ],
)
@pytest.mark.parametrize("command", ["ip link", "ip -d address show", "ip a"])
def test_flags_and_state_of_iproute(command: str, line: str, expected: tuple[str, str] | None) -> None:
    found = [(kind, severity) for kind, severity, _ in kinds(analyze(f"{line}\n", command))]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n", None),
        ("eth0: flags=4099<UP,BROADCAST,MULTICAST>  mtu 1500\n", DOWN),
        ("eth0: flags=4098<BROADCAST,MULTICAST>  mtu 1500\n", SHUT),
        ("en1: flags=8863<UP,BROADCAST,SMART,RUNNING> mtu 1500\n\tstatus: inactive\n", DOWN),
        ("en0: flags=8863<UP,BROADCAST,SMART,RUNNING> mtu 1500\n\tstatus: active\n", None),
        ("eth0      Link encap:Ethernet\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n", None),
        ("eth0      Link encap:Ethernet\n          UP BROADCAST MULTICAST  MTU:1500  Metric:1\n", DOWN),
        ("eth0      Link encap:Ethernet\n          BROADCAST MULTICAST  MTU:1500  Metric:1\n", SHUT),
    ],
)
def test_flags_of_ifconfig(output: str, expected: tuple[str, str] | None) -> None:
    found = [(kind, severity) for kind, severity, _ in kinds(analyze(output, "ifconfig -a"))]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("connected", None),
        ("notconnect", UNPLUGGED),
        ("inactive", UNPLUGGED),
        ("disabled", SHUT),
        ("err-disabled", DOWN),
        ("suspended", DOWN),
    ],
)
def test_a_port_without_administrative_state(status: str, expected: tuple[str, str] | None) -> None:
    output = (
        "Port      Name               Status       Vlan       Duplex  Speed Type\n"
        f"Gi0/1     down by the river  {status:<12} 1            auto   auto 10/100/1000BaseTX\n"
    )
    found = [(kind, severity) for kind, severity, _ in kinds(analyze(output, "show interfaces status", "ios"))]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("admin", "link", "expected"),
    [("up", "up", None), ("up", "down", DOWN), ("down", "down", SHUT)],
)
def test_junos_json(admin: str, link: str, expected: tuple[str, str] | None) -> None:
    port = {"name": [{"data": "xe-0/0/1"}], "admin-status": [{"data": admin}], "oper-status": [{"data": link}]}
    output = json.dumps({"interface-information": [{"physical-interface": [port]}]}, indent=4)
    found = kinds(analyze(output, "show interface | display json | no-more", "junos"))
    assert found == ([(*expected, "xe-0/0/1")] if expected else [])


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ({"interfaceStatus": "connected", "lineProtocolStatus": "up"}, None),
        ({"interfaceStatus": "notconnect", "lineProtocolStatus": "down"}, DOWN),
        ({"interfaceStatus": "disabled", "lineProtocolStatus": "down"}, SHUT),
        ({"interfaceStatus": "errdisabled", "lineProtocolStatus": "down"}, DOWN),
    ],
)
def test_eos_json(member: dict[str, str], expected: tuple[str, str] | None) -> None:
    output = json.dumps({"interfaces": {"Ethernet1": {"name": "Ethernet1", **member}}})
    found = kinds(analyze(output, "show interfaces | json", "eos"))
    assert found == ([(*expected, "Ethernet1")] if expected else [])


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        ("up", "none", None),
        ("down", "Link not connected", UNPLUGGED),
        ("down", "Administratively down", SHUT),
        ("down", "suspended(no LACP PDUs)", DOWN),
    ],
)
def test_nxos_json(state: str, reason: str, expected: tuple[str, str] | None) -> None:
    row = {"interface": "Ethernet1/1", "portmode": "access", "state": state, "state_rsn_desc": reason}
    output = json.dumps({"TABLE_interface": {"ROW_interface": [row]}})
    found = kinds(analyze(output, "show interface brief | json native", "nxos"))
    assert found == ([(*expected, "Ethernet1/1")] if expected else [])


@pytest.mark.parametrize(
    ("flags", "state", "expected"),
    [(["UP"], "UP", None), (["NO-CARRIER", "UP"], "DOWN", DOWN), (["BROADCAST"], "DOWN", SHUT)],
)
def test_iproute_json(flags: list[str], state: str, expected: tuple[str, str] | None) -> None:
    output = json.dumps([{"ifname": "eth0", "flags": flags, "operstate": state}])
    found = kinds(analyze(output, "ip -j link"))
    assert found == ([(*expected, "eth0")] if expected else [])


def test_a_finding_names_each_interface_once() -> None:
    output = "Eth1 is down, line protocol is down\nEth1 is down, line protocol is down\n"
    assert kinds(analyze(output, "show interfaces; show interfaces", "eos")) == [(*DOWN, "Eth1")]


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("show running-config", "interface Gi0/1\n description Gi0/2 is down, line protocol is down\n shutdown\n"),
        ("show logging", "Gi0/1 is down, line protocol is down\n"),
        ("cat interfaces.txt", "Gi0/1 is down, line protocol is down\n"),
        ("show ip bgp summary", "BGP table state: Active\n"),
        ("show mpls traffic-eng tunnels", "Tunnel10   Admin: admin-down  Oper: down\n"),
        ("show version", "Gi0/1 is down, line protocol is down\n"),
    ],
)
def test_look_alikes_are_no_evidence(command: str, output: str) -> None:
    assert kinds(analyze(output, command, "ios")) == []


def counters(errors: int, packets: int) -> str:
    return (
        "GigabitEthernet0/1 is up, line protocol is up\n"
        f"     {packets} packets input, 5000 bytes, 0 no buffer\n"
        f"     {errors} input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored\n"
        "     Input queue: 0/75/12/0 (size/max/drops/flushes); Total output drops: 99\n"
        "     10 packets output, 100 bytes, 0 underruns\n     0 output errors, 0 collisions, 2 interface resets\n"
    )


@pytest.mark.parametrize(
    ("errors", "severity"), [(0, None), (1, "info"), (100, "info"), (101, "warning"), (100_000, "warning")]
)
@pytest.mark.parametrize("os_type", ["ios", "cumulus"])
def test_errors_on_both_sides_of_their_thresholds(os_type: str, errors: int, severity: str | None) -> None:
    analysis = analyze(counters(errors, 100_000), "show interfaces", os_type)
    assert kinds(analysis) == ([("interface.errors", severity, "GigabitEthernet0/1")] if severity else [])
    if severity:
        assert f"{errors} input errors" in analysis.findings[0].evidence


_IFCONFIG = """\
eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        RX packets 1000  bytes 9000
        RX errors 3  dropped 9  overruns 0  frame 0
"""
_IP_STATISTICS = """\
2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP
    RX:  bytes packets errors dropped  missed   mcast
          9000    1000      3       9       0       0
    TX:  bytes packets errors dropped carrier collsns
          9000    1000      0       0       0       0
"""
_PROC_NET_DEV = """\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
  eth0:    9000    1000    3    9    0     0          0         0     9000    1000    0    0    0     0       0          0
"""  # noqa: E501  # as the kernel prints it


@pytest.mark.parametrize(
    ("command", "output"),
    [("ifconfig", _IFCONFIG), ("ip -s link", _IP_STATISTICS), ("cat /proc/net/dev", _PROC_NET_DEV)],
)
def test_errors_of_hosts(command: str, output: str) -> None:
    analysis = analyze(output, command)
    assert kinds(analysis) == [("interface.errors", "warning", "eth0")]
    assert analysis.findings[0].facts["input_errors"] == "3"


def test_plain_drops_are_no_errors() -> None:
    output = "eth0: flags=4163<UP,RUNNING>  mtu 1500\n        RX packets 10  bytes 9\n        RX errors 0  dropped 9\n"
    assert kinds(analyze(output, "ifconfig")) == []


def test_recorded_tables_agree_with_the_libraries_rows() -> None:
    """Every row that ntc-templates calls down is a finding, and no other."""
    seen = 0
    for row in corpus("ntc_templates"):
        if (row["platform"], row["command"]) != ("cisco_ios", "show ip interface brief"):
            continue
        findings = kinds(judge(as_execution(row)))
        for interface in row["expected"]:
            shut = "administratively" in interface["status"]
            down = not shut and "down" in (interface["status"], interface["proto"])
            if shut or down or interface["status"] == "deleted":
                assert (*(SHUT if shut else DOWN), interface["interface"]) in findings
                seen += 1
            else:
                assert interface["interface"] not in {subject for _, _, subject in findings}
    assert seen


def test_recorded_junos_ports_that_are_down() -> None:
    found = 0
    for row in corpus("suzieq"):
        if row["os_type"].startswith("junos") and row["command"].startswith("show interface "):
            ports = json.loads(row["output"])["interface-information"][0]["physical-interface"]
            down = {
                port["name"][0]["data"]
                for port in ports
                if port.get("oper-status") == [{"data": "down"}] and port["admin-status"][0]["data"] == "up"
            }
            subjects = {subject for kind, _, subject in kinds(judge(as_execution(row))) if kind == "interface.down"}
            assert subjects == down
            found += len(down)
    assert found == 19


def test_recorded_frr_interfaces_that_are_shut() -> None:
    command = 'sudo vtysh -c "show int vrf all"; ip -d address show'
    analysis = judge(recorded("suzieq", "cumulus", command, "Interface swp3 is down"))
    assert (*SHUT, "swp3") in kinds(analysis)


def test_an_interface_that_the_template_runs_into_the_next() -> None:
    output = "".join(
        f"GigabitEthernet1/1/{port} is down, line protocol is down \n  Port down for 2 day(s)\n"
        f"  Hardware is GigabitEthernet, address is 609c.9fe7.d600 (bia 609c.9fe7.d600)\n  {address}MTU 1500 bytes\n"
        for port, address in ((1, "Internet address is 192.168.1.1/24, "), (2, ""))
    )
    found = kinds(analyze(output, "show interfaces", "icx"))
    assert found == [(*DOWN, "GigabitEthernet1/1/1"), (*DOWN, "GigabitEthernet1/1/2")]
