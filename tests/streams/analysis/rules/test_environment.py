from dataclasses import replace

import pytest

from tests.streams.analysis.corpora import recorded
from tests.streams.analysis.judging import analyze, judge, kinds


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("FAN 1 is OK", None),
        ("FAN 1 is FAULTY", ("critical", "FAN 1")),
        ("Fan2(sys_fan2)  NXA-FAN-30CFM-F  --  Failure", ("critical", "Fan2(sys_fan2)")),
        ("PS1   PWR-AC   bad-input", ("critical", "PS1")),
        ("2     N55-PAC-750W   AC   No Input", ("critical", "2")),
        ("2     N55-PAC-750W   AC   absent", ("info", "2")),
        ("1B  Not Present", ("info", "1B")),
        ("Temp 1: 45 C, ok", None),
        ("Failed fans: 0", None),
        ("Alert  Critical", None),
    ],
)
def test_faults_and_absences(line: str, expected: tuple[str, str] | None) -> None:
    findings = kinds(analyze(f"{line}\n", "show environment", "unknown_os", exit_code=None))
    assert findings == ([("environment.fault", *expected)] if expected else [])


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("show logging", "FAN 1 is FAULTY"),
        ("show power inline", "Gi1/0/1 auto faulty 0.0"),
        ("show running-config", "PS1 failed"),
        ("env", "FAN1=faulty"),
        ("show redundancy", "PS1 failed"),
    ],
)
def test_look_alikes_are_no_evidence(command: str, line: str) -> None:
    assert kinds(analyze(f"{line}\n", command, "ios", exit_code=None)) == []


@pytest.mark.parametrize(("celsius", "fires"), [("36.0", False), ("95.0", False), ("95.1", True), ("120.0", True)])
def test_a_temperature_above_its_own_limit(celsius: str, fires: bool) -> None:
    recording = recorded("ntc_templates", "arista_eos", "show environment temperature")
    hot = recording.output.replace("cpu0     36.0", f"cpu0     {celsius}", 1)
    findings = kinds(judge(replace(recording, output=hot)))
    assert findings == ([("environment.fault", "critical", "1")] if fires else [])


def test_a_recorded_supply_without_input() -> None:
    analysis = judge(recorded("ntc_templates", "cisco_ios", "show environment power all", "No Input Power"))
    assert "critical" in {severity for _, severity, _ in kinds(analysis)}
    assert all("No Input" in each.evidence for each in analysis.findings if each.severity.symbol == "critical")


def test_a_recorded_supply_that_lost_power() -> None:
    analysis = judge(recorded("ntc_templates", "arista_eos", "show environment power", "Power Loss"))
    assert kinds(analysis) == [("environment.fault", "critical", "1")]


@pytest.mark.parametrize(
    ("command", "line", "expected"),
    [
        ("show chassis", "Power 1: (23-0000129-02 BMG2J50F014  - AC 1800W): Installed (OK)", None),
        ("show chassis", "Power 3: not present", ("info", "Power 3")),
        ("show chassis", "SFM3: not present", None),
        ("show sys-info", "\tPs#1 Status       : UP", None),
        ("show sys-info", "\tPs#2 Status       : empty", ("info", "Ps#2")),
        ("show sys-info", "  01   Power Supply 1    DELTA   XXXXXXXXXX        Normal ON", None),
        (
            "show sys-info",
            "  02   Power Supply 2    DELTA   XXXXXXXXXX        12V Output Fault",
            ("critical", "Power Supply 2"),
        ),
    ],
)
def test_supplies_in_what_tells_of_the_whole_device(command: str, line: str, expected: tuple[str, str] | None) -> None:
    found = kinds(analyze(f"{line}\n", command, "unknown_os", exit_code=None))
    assert found == ([("environment.fault", *expected)] if expected else [])
