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
