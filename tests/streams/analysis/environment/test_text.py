"""Fans, supplies and sensors as the engine reads them from text, a platform a table."""

import pytest

from tests.streams.analysis.corpora import recorded
from tests.streams.analysis.judging import analyze, judge, kinds

Found = list[tuple[str, str]]


def _found(output: str, command: str, os_type: str) -> Found:
    analysis = analyze(output, command, os_type, exit_code=None)
    assert all(kind == "environment.fault" for kind, _, _ in kinds(analysis))
    return [(severity, subject) for _, severity, subject in kinds(analysis)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Fan1(sys_fan1)  N9K-C9808-FAN-A      1.0    front-to-back   Ok", []),
        ("Fan_in_PS1                           --     front-to-back   Absent", [("info", "Fan_in_PS1")]),
        ("Fan_in_PS6                           --     front-to-back   Shutdown", [("critical", "Fan_in_PS6")]),
        ("6        NXK-HV-6.3KW20A-A       0 W                0 W         0 W   Shutdown", [("critical", "6")]),
        ("Fan Air Filter : NotSupported", []),
    ],
)
def test_rows_of_nxos(row: str, expected: Found) -> None:
    assert _found(f"{row}\n", "show environment", "some_os") == expected


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("Switch   FAN   Speed   State\n------\n  1     2 35840     OK\n", []),
        ("Switch   FAN   Speed   State\n------\n  1     2 35840     FAIL\n", [("critical", "Switch 1 FAN 2")]),
        ("FAN PS-1 is NOT PRESENT\n", [("info", "FAN PS-1")]),
        ("Outlet Temperature Value: 40 Degree Celsius\nTemperature State: GREEN\n", []),
        ("Outlet Temperature Value: 99 Degree Celsius\nTemperature State: RED\n", [("critical", "Outlet Temperature")]),
        ("Yellow Threshold : 46 Degree Celsius\nRed Threshold    : 56 Degree Celsius\n", []),
        ("R0 Temp: Inlet Critical 47 Celsius (na ,na ,47 ,na )(Celsius)\n", [("critical", "R0 Temp: Inlet")]),
        ("R0 Temp: Inlet Normal 27 Celsius (na ,na ,47 ,na )(Celsius)\n", []),
        ("Number of Critical alarms: 1\nNumber of Major alarms: 0\n", []),
    ],
)
def test_words_of_ios(output: str, expected: Found) -> None:
    assert _found(output, "show environment all", "iosxe") == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Temp  PSM 0                          OK         28 degrees C / 82 degrees F", []),
        ("Temp  PSM 4                          Check", []),
        ("Temp  CB 0 IntakeA-Zone0             Failed", [("critical", "CB 0 IntakeA-Zone0")]),
        ("Fans  Fan Tray 0 Fan 2               Failed     0 RPM", [("critical", "Fan Tray 0 Fan 2")]),
        ("Power Power Supply 1                 Absent", [("info", "Power Supply 1")]),
        ("Power PEM 1                          Check", [("critical", "PEM 1")]),
    ],
)
def test_classes_of_junos(row: str, expected: Found) -> None:
    output = f"Class Item                           Status     Measurement\n{row}\n"
    assert _found(output, "show chassis environment", "junos") == expected


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("No alarms currently active\n", []),
        ("2021-03-01 12:00:00 UTC  Major  PEM 1 Not OK\n", [("critical", "PEM 1")]),
        ("2021-03-01 12:00:00 UTC  Major  Routing Engine 1 Not OK\n", []),
    ],
)
def test_alarms_name_a_part(output: str, expected: Found) -> None:
    assert _found(output, "show chassis alarms", "junos") == expected


@pytest.mark.parametrize(
    ("command", "output", "expected"),
    [
        ("show platform psustatus", "PSU 1  MTEF-PSF-AC-A   11.97  54.56  OK        green\n", []),
        ("show platform psustatus", "PSU 2  MTEF-PSF-AC-A   0.00   0.00   NOT OK    red\n", [("critical", "PSU 2")]),
        ("show platform psustatus", "PSU 3  N/A             N/A    N/A    NOT PRESENT  off\n", [("info", "PSU 3")]),
        ("show platform fan", "drawer1   green  fan2   60%  intake  Present     OK\n", []),
        ("show platform fan", "drawer1   red    fan2   0%   intake  Present     Not OK\n", [("critical", "fan2")]),
    ],
)
def test_rows_of_sonic(command: str, output: str, expected: Found) -> None:
    assert _found(output, command, "sonic") == expected


@pytest.mark.parametrize(("warning", "expected"), [("False", []), ("True", [("critical", "CPU Pack Temp")])])
def test_a_sensor_with_a_flag(warning: str, expected: Found) -> None:
    output = (
        "         Sensor    Temperature    High TH    Warning          Timestamp\n"
        "---------------  -------------  ---------  ---------  -----------------\n"
        f"CPU Pack Temp             97.0       87.0  {warning:>9}  20200302 06:58:57\n"
    )
    assert _found(output, "show platform temperature", "sonic") == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("S1      Temperature near MP                 False     25.0         -5.0     60.0", []),
        (
            "S1      Temperature near MP                 True      75.0         -5.0     60.0",
            [("critical", "Temperature near MP")],
        ),
        ("S1      Power Supply #2 (right)             True      True", [("critical", "Power Supply #2 (right)")]),
        ("S1      Power Supply #2 (right)             True      False", [("info", "Power Supply #2 (right)")]),
    ],
)
def test_flags_of_panos(row: str, expected: Found) -> None:
    output = f"Slot    Description                         Alarm     Inserted\n{row}\n"
    assert _found(output, "show system environmentals", "panos") == expected


@pytest.mark.parametrize(
    ("command", "output", "expected"),
    [
        ("sensors", "Core 0:        +45.0°C  (high = +80.0°C, crit = +100.0°C)\n", []),
        (
            "sensors",
            "Core 0:       +105.0°C  (high = +80.0°C, crit = +100.0°C)  ALARM (CRIT)\n",
            [("critical", "Core 0")],
        ),
        ("sensors", "fan1:             0 RPM  (min = 1200 RPM)  ALARM\n", [("critical", "fan1")]),
        ("ipmitool sdr", "FAN1             | 4200 RPM          | ok\n", []),
        ("ipmitool sdr", "FAN2             | 0 RPM             | cr\n", [("critical", "FAN2")]),
        ("sudo smonctl", "PSU1      (Power Supply Unit 1              ):  BAD\n", [("critical", "PSU1")]),
    ],
)
def test_sensors_of_hosts(command: str, output: str, expected: Found) -> None:
    assert _found(output, command, "linux") == expected


@pytest.mark.parametrize(("state", "severity"), [("Normal", None), ("Fault", "critical"), ("Absent", "info")])
def test_a_block_names_its_part_above(state: str, severity: str | None) -> None:
    output = f" Slot 1:\n Fan 1:\n State    : Normal\n Fan 2:\n State    : {state}\n"
    assert _found(output, "display fan", "comware") == ([(severity, "Fan 2")] if severity else [])


@pytest.mark.parametrize(
    ("command", "output", "expected"),
    [
        ("show module", "Power Supply: \tbad/off (see 'show power')\n", [("critical", "Power Supply")]),
        ("show module", "4    17.6.1r[FC2]  17.09.03           hw-faulty\n", []),
        ("show inventory", "Power Supply 2................................... Absent\n", [("info", "Power Supply 2")]),
        ("show inventory", "Slot 2: Absent\n", []),
        ("display device", "1     -    CE6850   Offline  -   Unregistered  Fault\n", []),
        (
            "display device",
            "      FAN1   FAN-40SA-B   Present  On   Registered   Abnormal  NA\n",
            [("critical", "FAN1")],
        ),
    ],
)
def test_lists_of_all_hardware_tell_of_parts_they_name(command: str, output: str, expected: Found) -> None:
    assert _found(output, command, "some_os") == expected


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ("FAN 1 is OK\nFAN 2 is OK\n", "ok"),
        ("FAN 1 is OK\nFAN 2 is in state warning\n", "unknown"),
        ("FAN 1\nFAN 2\n", "unknown"),
    ],
)
def test_only_parts_that_report_to_be_well_prove_it(lines: str, verdict: str) -> None:
    assert analyze(lines, "show environment", "some_os").verdict == verdict


def test_a_recorded_failed_supply() -> None:
    analysis = judge(recorded("ntc_templates", "cisco_xr", "admin show environment power"))
    assert kinds(analysis) == [("environment.fault", "critical", "0/PM0")]


IOSXE_SENSORS = (
    "Number of Critical alarms:  0\nNumber of Major alarms:     0\nNumber of Minor alarms:     0\n\n"
    " Slot        Sensor          Current State   Reading        Threshold(Minor,Major,Critical,Shutdown)\n"
    " ----------  --------------  --------------- ------------   ---------------------------------------\n"
    " R0          PSOC-MB_0: VOUT Normal          12058 mV       na\n"
    " R0          Temp: Outlet_A  {state:<15} 62    Celsius\t(55 ,60 ,65 ,75 )(Celsius)\n"
)


@pytest.mark.parametrize("state", ["Warning", "Minor", "Major", "Critical"])
def test_sensors_of_iosxe_beyond_a_threshold(state: str) -> None:
    output = IOSXE_SENSORS.format(state=state)
    assert _found(output, "show environment", "iosxe") == [("critical", "R0 Temp: Outlet_A")]


def test_sensors_of_iosxe_are_well() -> None:
    assert analyze(IOSXE_SENSORS.format(state="Normal"), "show environment", "iosxe").verdict == "ok"


def test_counted_alarms_of_iosxe_are_no_proof_of_health() -> None:
    output = IOSXE_SENSORS.format(state="Normal").replace("Major alarms:     0", "Major alarms:     1")
    assert analyze(output, "show environment", "iosxe").verdict == "unknown"
