"""Interfaces of tools and systems whose outputs no template reads."""

import pytest

from tests.streams.analysis.judging import analyze, kinds

DOWN = ("interface.down", "warning")
UNPLUGGED = ("interface.down", "info")
SHUT = ("interface.admin_down", "info")
Expected = tuple[str, str] | None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("eth1             UP             52:54:00:a8:38:3d <BROADCAST,MULTICAST,UP,LOWER_UP>", None),
        ("eth1             UNKNOWN        52:54:00:a8:38:3d <LOOPBACK,UP,LOWER_UP>", None),
        ("eth1             DOWN           52:54:00:a8:38:3d <NO-CARRIER,BROADCAST,MULTICAST,UP>", DOWN),
        ("eth1@if3         DOWN           52:54:00:a8:38:3d <BROADCAST,MULTICAST>", SHUT),
        ("eth1             DOWN", DOWN),
    ],
)
def test_ip_brief(line: str, expected: Expected) -> None:
    assert kinds(analyze(f"{line}\n", "ip -br link")) == ([(*expected, "eth1")] if expected else [])


@pytest.mark.parametrize(("detected", "expected"), [("yes", None), ("no", UNPLUGGED)])
def test_ethtool(detected: str, expected: Expected) -> None:
    output = f"Settings for eth0:\n\tSpeed: Unknown!\n\tLink detected: {detected}\n"
    assert kinds(analyze(output, "sudo ethtool eth0")) == ([(*expected, "eth0")] if expected else [])


@pytest.mark.parametrize(("status", "expected"), [("up", None), ("down", DOWN), ('down, "Admin-Down"', SHUT)])
@pytest.mark.parametrize("head", ["Chassis/Slot/Port 1/1/1   :", "Slot/Port 1/1/1 :"])
def test_aos(head: str, status: str, expected: Expected) -> None:
    output = f"{head}\n Operational Status     : {status},\n Last Time Link Changed : Fri May  4 17:59:12 2029,\n"
    assert kinds(analyze(output, "show interfaces", "some_os")) == ([(*expected, "1/1/1")] if expected else [])


@pytest.mark.parametrize(("link", "expected"), [("up", None), ("down", DOWN)])
def test_panos(link: str, expected: Expected) -> None:
    output = f"Name: ethernet1/1, ID: 16\nLink status:\n  Runtime link speed/duplex/state: 1000/full/{link}\n"
    found = kinds(analyze(output, "show interface ethernet1/1", "panos"))
    assert found == ([(*expected, "ethernet1/1")] if expected else [])


@pytest.mark.parametrize(
    ("link", "protocol", "expected"),
    [("up", "up", None), ("up", "down", DOWN), ("down", "down", DOWN), ("admin-down", "admin-down", SHUT)],
)
def test_xr_brief(link: str, protocol: str, expected: Expected) -> None:
    output = (
        "               Intf       Intf        LineP              Encap  MTU        BW\n"
        "               Name       State       State               Type (byte)    (Kbps)\n"
        "-------------------------------------------------------------------------------\n"
        f"          Gi0/0/0/1      {link:<11} {protocol:<11}      ARPA  1514    1000000\n"
    )
    found = kinds(analyze(output, "show interfaces brief", "iosxr"))
    assert found == ([(*expected, "Gi0/0/0/1")] if expected else [])


@pytest.mark.parametrize(("errors", "fires"), [(0, False), (5, True)])
@pytest.mark.parametrize("direction", ["Input", "Output"])
def test_junos_extensive(direction: str, errors: int, fires: bool) -> None:
    output = (
        "Physical interface: ge-0/0/1, Enabled, Physical link is Up\n"
        f"  {direction} errors:\n    Errors: {errors}, Drops: 7, Framing errors: 0, Runts: 0\n"
    )
    analysis = analyze(output, "show interfaces ge-0/0/1 extensive", "junos")
    assert kinds(analysis) == ([("interface.errors", "info", "ge-0/0/1")] if fires else [])
    if fires:
        assert analysis.findings[0].facts[f"{direction.lower()}_errors"] == "5"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("Interface 1/1/2 is down \n Admin state is up\n", (*DOWN, "1/1/2")),
        ("Interface 1/1/2 is down (Administratively down)\n Admin state is down\n", (*SHUT, "1/1/2")),
        ("40GigabitEthernet2/3/4 is down, line protocol is down\n", (*DOWN, "40GigabitEthernet2/3/4")),
        ("GigabitEthernet3 is disabled, line protocol is down \n", (*SHUT, "GigabitEthernet3")),
        ("GigabitEthernet 0/2 is up, line protocol is down\n", (*DOWN, "GigabitEthernet 0/2")),
        ("TenGigE0/0/0/1 is Shutdown, ipv4 protocol is Down\n", (*SHUT, "TenGigE0/0/0/1")),
        ("TenGigE0/0/0/1 is Up, ipv4 protocol is Down\n", (*DOWN, "TenGigE0/0/0/1")),
        ("GE0/0/2 current state : UP\nLine protocol current state : DOWN\n", (*DOWN, "GE0/0/2")),
        (" GE12/0/17 current state: DOWN ( Administratively )\n", (*SHUT, "GE12/0/17")),
        ("Vlan-interface20\nCurrent state: DOWN\nLine protocol state: DOWN\n", (*DOWN, "Vlan-interface20")),
        ("Gi3/12 [administratively down/down]\n", (*SHUT, "Gi3/12")),
        ("Eth1/1         10.1.1.11     protocol-down/link-down/admin-up\n", (*DOWN, "Eth1/1")),
        ("Vlan156, Interface status: protocol-down/link-down/admin-down, iod: 2,\n", (*SHUT, "Vlan156")),
        ("Ethernet1/1\n    DOM is Disabled\n", None),
        ("GigabitEthernet1/0/1 is up, line protocol is up (connected)\n", None),
    ],
)
def test_sentences_and_blocks(output: str, expected: tuple[str, str, str] | None) -> None:
    assert kinds(analyze(output, "show interface", "some_os")) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("state", "expected"),
    [("up/up/up", None), ("down/down/up", DOWN), ("down/up/up", DOWN), ("down/down/down", SHUT)],
)
@pytest.mark.parametrize("address", ["2001:db8::1   ", "2001:db8::1[T]"])
def test_states_of_nxos_ipv6_interfaces(address: str, state: str, expected: Expected) -> None:
    output = (
        'IPv6 Interface Status for VRF "default"(1)\n'
        "Interface        IPv6 Address/Link-local Address           Interface Status\n"
        "                                                           prot/link/admin\n"
        f"Vlan3002         {address}                            {state}\n"
        "                 fe80::1\n"
    )
    analysis = analyze(output, "show ipv6 interface brief", "nxos")
    assert kinds(analysis) == ([(*expected, "Vlan3002")] if expected else [])
    assert analysis.facts["interfaces"] == "1"


@pytest.mark.parametrize(("protocol", "expected"), [("up", None), ("down", DOWN)])
def test_lags_of_fastiron(protocol: str, expected: Expected) -> None:
    output = f"Lag lg10 is up, line protocol is {protocol}\n  Configured speed Auto, actual unknown\n"
    assert kinds(analyze(output, "show interfaces lag lg10", "icx")) == ([(*expected, "lg10")] if expected else [])


@pytest.mark.parametrize(("mark", "expected"), [("*", None), (" ", UNPLUGGED)])
def test_queues_of_ios_mark_interfaces_that_are_up(mark: str, expected: Expected) -> None:
    output = (
        " *: interface is up\n IHQ: pkts in input hold queue     IQD: pkts dropped from input queue\n\n"
        "  Interface                IHQ     IQD     OHQ     OQD    RXBS    RXPS    TXBS    TXPS    TRTL\n"
        "----------------------------------------------------------------------------------------------\n"
        "* Gi1/0/1.10                 -       -       -       -       -       -       -       -       -\n"
        f"{mark} GigabitEthernet1/0/2       0       0       0       0       0       0       0       0       0\n"
    )
    found = kinds(analyze(output, "show interfaces summary", "iosxe"))
    assert found == ([(*expected, "GigabitEthernet1/0/2")] if expected else [])


@pytest.mark.parametrize(("status", "expected"), [("up", None), ("down", DOWN)])
def test_slaves_of_a_bond(status: str, expected: Expected) -> None:
    output = (
        "Ethernet Channel Bonding Driver: v3.7.1 (April 27, 2011)\n\nBonding Mode: fault-tolerance (active-backup)\n"
        "Currently Active Slave: eth0\nMII Status: up\nMII Polling Interval (ms): 100\n\n"
        "Slave Interface: eth0\nMII Status: up\nSpeed: 10000 Mbps\n\n"
        f"Slave Interface: eth1\nMII Status: {status}\nSpeed: Unknown\n"
    )
    analysis = analyze(output, "cat /proc/net/bonding/bond0")
    assert kinds(analysis) == ([(*expected, "eth1")] if expected else [])
    assert analysis.verdict == ("warning" if expected else "ok")
