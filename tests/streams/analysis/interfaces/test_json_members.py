"""NX-OS' ways to put an interface into JSON."""

import json

import pytest

from tests.streams.analysis.corpora import recorded
from tests.streams.analysis.judging import analyze, judge, kinds

DOWN = ("interface.down", "warning")
UNPLUGGED = ("interface.down", "info")
SHUT = ("interface.admin_down", "info")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"interface": "Vlan1", "svi_admin_state": "up"}, None),
        ({"interface": "Vlan1", "svi_admin_state": "down", "svi_rsn_desc": "Administratively down"}, SHUT),
        ({"interface": "Vlan1", "svi_admin_state": "down", "svi_rsn_desc": "VLAN/BD is down"}, DOWN),
        ({"interface": "Vlan1", "svi_admin_state": "up", "svi_line_proto": "down"}, DOWN),
        ({"interface": "Vlan1", "svi_admin_state": "down", "svi_line_proto": "down"}, SHUT),
        ({"interface": "Vlan1", "state": "up"}, None),
        ({"interface": "Vlan1", "state": "down"}, DOWN),
        ({"interface": "Vlan1", "state": "down", "state_rsn_desc": "Link not connected"}, UNPLUGGED),
        ({"interface": "Vlan1", "state": "down", "state_rsn_desc": "Administratively down"}, SHUT),
        ({"interface": "Vlan1", "state": "down", "admin_state": "up", "state_rsn_desc": "Link not connected"}, DOWN),
        ({"if-name": "Vlan1", "if-state": "Up"}, None),
        ({"if-name": "Vlan1", "if-state": "Down"}, DOWN),
    ],
)
def test_states(row: dict[str, str], expected: tuple[str, str] | None) -> None:
    output = json.dumps({"TABLE_interface": {"ROW_interface": [row]}})
    found = kinds(analyze(output, "show interface brief | json native", "nxos"))
    assert found == ([(*expected, "Vlan1")] if expected else [])


def test_every_row_of_a_recorded_table_counts() -> None:
    recording = recorded("suzieq", "nxos", "show interface brief | json native", "svi_admin_state")
    rows = recording.output.count('"interface":')
    assert judge(recording).facts["interfaces"] == str(rows)


@pytest.mark.parametrize(
    ("admin", "oper", "expected"), [("Enabled", "Up", None), ("Enabled", "Down", DOWN), ("Disabled", "Down", SHUT)]
)
def test_interfaces_of_onyx(admin: str, oper: str, expected: tuple[str, str] | None) -> None:
    output = json.dumps(
        [{"Fec": "auto", "header": "Eth1/1", "Admin state": admin, "Operational state": oper}], indent=1
    )
    found = kinds(analyze(output, "show interfaces ethernet", "onyx"))
    assert found == ([(*expected, "Eth1/1")] if expected else [])


def test_an_interface_of_onyx_that_its_key_names() -> None:
    output = '{"Eth1/1": [{"Operational state": "Up"}],\n "Vlan 1002": [{"State": "Down", "Description": "N/A"}]}'
    assert kinds(analyze(output, "show interfaces ethernet status", "onyx")) == [(*DOWN, "Vlan 1002")]


@pytest.mark.parametrize(("status", "expected"), [("U", []), ("D", [(*DOWN, "port-channel10")])])
def test_port_channels_of_nxos(status: str, expected: list[tuple[str, str, str]]) -> None:
    channel = {"group": "10", "port-channel": "port-channel10", "layer": "R", "status": status, "prtcl": "NONE"}
    output = json.dumps({"TABLE_channel": {"ROW_channel": channel}}, indent=1)
    assert kinds(analyze(output, "show port-channel summary | json", "nxos")) == expected


@pytest.mark.parametrize(("status", "fires"), [("P", False), ("D", True), ("s", True)])
def test_members_of_port_channels_of_nxos(status: str, fires: bool) -> None:
    output = json.dumps({"TABLE_member": {"ROW_member": [{"port": "Ethernet1/1", "port-status": status}]}}, indent=1)
    found = kinds(analyze(output, "show port-channel summary | json", "nxos"))
    assert found == ([(*DOWN, "Ethernet1/1")] if fires else [])


def test_a_status_alone_is_no_interface() -> None:
    assert kinds(analyze('{"name": "job", "status": "D"}', "show interfaces jobs", "some_os")) == []
