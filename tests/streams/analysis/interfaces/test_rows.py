"""Columns that mean something else than their names say, and flags instead of words."""

from dataclasses import replace

import pytest

from streams.analysis import Engine
from streams.analysis.thresholds import ThresholdBook
from tests.streams.analysis.corpora import as_execution, corpus, recorded
from tests.streams.analysis.judging import analyze, judge, kinds

DOWN = ("interface.down", "warning")
UNPLUGGED = ("interface.down", "info")
SHUT = ("interface.admin_down", "info")
Expected = tuple[str, str] | None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GigabitEthernet0/0/0/1 is up, line protocol is up", None),
        ("GigabitEthernet0/0/0/1 is up, line protocol is down", DOWN),
        ("GigabitEthernet0/0/0/1 is down, line protocol is down", DOWN),
        ("GigabitEthernet0/0/0/1 is administratively down, line protocol is administratively down", SHUT),
    ],
)
def test_the_line_protocol_of_xr_is_no_administrative_state(line: str, expected: Expected) -> None:
    analysis = analyze(f"{line}\n  Interface state transitions: 1\n", "show interfaces", "iosxr")
    assert analysis.parse_status == "PARSED"
    assert kinds(analysis) == ([(*expected, "GigabitEthernet0/0/0/1")] if expected else [])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Vlan20 is up, line protocol is up", None),
        ("Vlan20 is down (VLAN/BD is down), line protocol is down", DOWN),
        ("Vlan20 is down (Administratively down), line protocol is down", SHUT),
    ],
)
def test_the_line_protocol_of_an_svi(line: str, expected: Expected) -> None:
    output = (
        f"{line}\n  Hardware is EtherSVI, address is  5087.89a1.d8d5\n  MTU 1500 bytes, BW 1000000 Kbit, DLY 10 usec,\n"
    )
    assert kinds(analyze(output, "show interface", "nxos")) == ([(*expected, "Vlan20")] if expected else [])


@pytest.mark.parametrize(
    ("link", "admin", "expected"), [("UP", "UP", None), ("DOWN", "UP", DOWN), ("DOWN", "DOWN", SHUT)]
)
def test_the_administrative_state_of_alliedware(link: str, admin: str, expected: Expected) -> None:
    output = f"Interface port1.0.1\n  Link is {link}, administrative state is {admin}\n  Hardware is Ethernet\n"
    found = kinds(analyze(output, "show interface", "allied_telesis_awplus"))
    assert found == ([(*expected, "port1.0.1")] if expected else [])


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("connected", None),
        ("notconnec", UNPLUGGED),
        ("xcvrAbsen", UNPLUGGED),
        ("linkFlapE", DOWN),
        ("channelDo", DOWN),
        ("noOperMem", DOWN),
        ("errDisabl", DOWN),
        ("suspnd", DOWN),
        ("suspndByV", DOWN),
        ("vpcPeerls", DOWN),
        ("udldError", DOWN),
        ("sfpInvali", DOWN),
        ("monitorin", None),
        ("disabled", SHUT),
    ],
)
def test_cut_words_of_nxos(status: str, expected: Expected) -> None:
    recording = recorded("ntc_templates", "cisco_nxos", "show interface status", "interface8")
    changed = recording.output.replace("interface8\t connected", f"interface8\t {status:<9}")
    found = kinds(judge(replace(recording, output=changed)))
    assert found == ([(*expected, "Eth1/8")] if expected else [])


@pytest.mark.parametrize(
    ("flags", "expected"), [("R ", None), ("RS", None), ("  ", DOWN), (" S", DOWN), ("X ", SHUT), ("XS", SHUT)]
)
def test_flags_of_routeros(flags: str, expected: Expected) -> None:
    output = (
        "Flags: X - disabled, R - running, S - slave\n"
        " #    NAME     MTU MAC-ADDRESS       ARP             SWITCH\n"
        f" 0 {flags} ether1  1500 12:34:56:78:90:AA enabled         switch1\n"
    )
    found = kinds(analyze(output, "interface ethernet print", "routeros"))
    assert found == ([(*expected, "ether1")] if expected else [])


@pytest.mark.parametrize(("letters", "expected"), [("u/u", None), ("u/D", DOWN), ("A/D", SHUT)])
@pytest.mark.parametrize("os_type", ["edgeos", "vyos"])
def test_letters_of_vyos(os_type: str, letters: str, expected: Expected) -> None:
    output = (
        "Codes: S - State, L - Link, u - Up, D - Down, A - Admin Down\n"
        "Interface        IP Address                        S/L  Description\n"
        "---------        ----------                        ---  -----------\n"
        f"eth1             192.168.1.1/24                    {letters}  Port\n"
    )
    assert kinds(analyze(output, "show interfaces", os_type)) == ([(*expected, "eth1")] if expected else [])


@pytest.mark.parametrize("platform", ["eltex", "dell_powerconnect"])
def test_a_platforms_name_hides_no_table(platform: str) -> None:
    recording = recorded("ntc_templates", platform, "show interfaces status")
    assert "interface.down" in {kind for kind, _, _ in kinds(judge(recording))}


def test_an_interface_that_is_listed_twice_has_its_worst_state() -> None:
    output = "Gi0/2 is up, line protocol is up\nGi0/2 is administratively down, line protocol is down\n"
    assert kinds(analyze(output, "show interfaces", "some_os")) == [(*SHUT, "Gi0/2")]


@pytest.mark.parametrize(("tenant", "severity"), [("tenant", "info"), ("strict", "warning")])
def test_the_share_of_errors_that_a_tenant_tolerates(tenant: str, severity: str) -> None:
    book = ThresholdBook.from_json('{"tenants": {"strict": {"interface_error_percent": 0.01}}}')
    recording = recorded("ntc_templates", "cisco_ios", "show interfaces", "28898 input errors")
    analysis = Engine(deadline=5.0, thresholds=book).analyze(replace(recording, tenant_id=tenant))
    assert ("interface.errors", severity, "FastEthernet1/0/29") in kinds(analysis)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("up/up", None), ("up/down", DOWN), ("down/down", DOWN), ("administratively down/down", SHUT)],
)
def test_the_status_of_ipv6_brief_is_no_administrative_state(cell: str, expected: Expected) -> None:
    output = f"TenGigabitEthernet3/12 [{cell}]\n    FE80::333:3333:3333:3333\n"
    analysis = analyze(output, "show ipv6 interface brief", "ios")
    assert analysis.parse_status == "PARSED"
    assert kinds(analysis) == ([(*expected, "TenGigabitEthernet3/12")] if expected else [])


def test_a_reason_that_a_template_passes_over() -> None:
    found = kinds(judge(recorded("ntc_templates", "cisco_nxos", "show interface status", "Tunnel40")))
    assert (*SHUT, "Tunnel40") in found
    assert (*DOWN, "Tunnel41") in found
    recording = recorded("ntc_templates", "hp_comware", "display interface", "DOWN ( Administratively )")
    assert (*SHUT, "GigabitEthernet12/0/17") in kinds(judge(recording))


@pytest.mark.parametrize(
    ("admin", "oper", "expected"),
    [
        ("Up", "Up/Up", None),
        ("Up", "Up/Down", None),
        ("Up", "Down/Up", None),
        ("Up", "Down/Down", DOWN),
        ("Down", "Down/Down", SHUT),
    ],
)
def test_routed_interfaces_of_sros_work_if_one_address_family_does(admin: str, oper: str, expected: Expected) -> None:
    rule = "-" * 79
    output = (
        f"{'=' * 79}\nInterface Table (Router: Base)\n{'=' * 79}\n"
        "Interface-Name                   Adm       Opr(v4/v6)  Mode    Port/SapId\n"
        f"   IP-Address                                                  PfxState\n{rule}\n"
        f"to-core-1                        {admin:<10}{oper:<12}Network 1/1/1\n"
        f"   192.0.2.1/31                                                n/a\n{rule}\nInterfaces : 1\n{'=' * 79}\n"
    )
    analysis = analyze(output, "show router interface", "sros")
    assert kinds(analysis) == ([(*expected, "to-core-1")] if expected else [])


@pytest.mark.parametrize(("downtime", "expected"), [("00:00:00", None), ("30w6d", UNPLUGGED), ("00:17:18", UNPLUGGED)])
def test_how_long_a_port_has_been_down(downtime: str, expected: Expected) -> None:
    output = f"Port           Name               Down Time      Up Time\nGi1/0/1        server             {downtime}\n"
    assert kinds(analyze(output, "show interface link", "ios")) == ([(*expected, "Gi1/0/1")] if expected else [])


@pytest.mark.parametrize("os_type", ["eltex", "oneaccess_oneos"])
def test_a_column_of_down_time_elsewhere_is_no_state(os_type: str) -> None:
    for row in corpus("ntc_templates"):
        if row["platform"] == os_type and row["command"] in {"show interface", "show interfaces"}:
            assert "not connected" not in {finding.facts.get("state") for finding in judge(as_execution(row)).findings}
