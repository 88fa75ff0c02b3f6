import json

import pytest

from tests.streams.analysis.judging import analyze, kinds

Found = list[tuple[str, str, str]]


@pytest.mark.parametrize(
    ("state", "severity"), [("ok", None), ("powerLoss", "critical"), ("failed", "critical"), ("notInserted", "info")]
)
def test_supplies_of_eos(state: str, severity: str | None) -> None:
    output = json.dumps({"powerSupplies": {"1": {"state": state, "modelName": "PWR-500AC-F"}, "2": {"state": "ok"}}})
    found = kinds(analyze(output, "show environment power | json", "eos"))
    assert found == ([("environment.fault", severity, "1")] if severity else [])


@pytest.mark.parametrize(("alert", "fires"), [(False, False), (True, True)])
def test_sensors_of_eos(alert: bool, fires: bool) -> None:
    output = json.dumps({"tempSensors": [{"name": "TempSensor1", "hwStatus": "ok", "inAlertState": alert}]})
    found = kinds(analyze(output, "show environment temperature | json", "eos"))
    assert found == ([("environment.fault", "critical", "TempSensor1")] if fires else [])


@pytest.mark.parametrize(
    ("fan", "supply", "expected"),
    [
        ("Ok", "Ok", []),
        ("Failure", "Ok", [("environment.fault", "critical", "Fan1(sys_fan1)")]),
        ("Ok", "absent", [("environment.fault", "info", "1")]),
    ],
)
def test_rows_of_nxos(fan: str, supply: str, expected: Found) -> None:
    output = json.dumps(
        {
            "fandetails": {"TABLE_faninfo": {"ROW_faninfo": [{"fanname": "Fan1(sys_fan1)", "fanstatus": fan}]}},
            "powersup": {"TABLE_psinfo": {"ROW_psinfo": {"psnum": 1, "psmodel": "-----", "ps_status": supply}}},
        }
    )
    assert kinds(analyze(output, "show environment | json", "nxos")) == expected


def test_an_inventory_in_json_is_no_state() -> None:
    output = json.dumps({"item": [{"name": "Power Supply 1", "state": "failed"}]})
    assert kinds(analyze(output, "show chassis hardware | display json", "junos")) == []
