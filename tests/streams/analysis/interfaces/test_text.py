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
