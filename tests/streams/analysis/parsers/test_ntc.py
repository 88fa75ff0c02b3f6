from ntc_templates.parse import parse_output

from streams.analysis.analysis import ParseStatus
from streams.analysis.command_line import read_command
from streams.analysis.deadline import Deadline, within
from streams.analysis.document import read_document
from streams.analysis.parsers.ntc import open_template
from streams.analysis.parsers.parse import Parse
from streams.analysis.parsers.reader import reader_of
from tests.streams.analysis.corpora import corpus

# The recorded expectation of this row differs from what the library itself returns, in trailing blanks.
_EXPECTED_OTHERWISE = "tests/arista_eos/show_inventory/arista_eos_show_inventory1.raw"


def parsed(os_type: str, command: str, output: str, seconds: float = 30.0) -> Parse:
    document, limit = read_document(output, read_command(command)), Deadline(seconds)
    return within(limit, lambda: reader_of(os_type, command).parse(document, limit))


def test_every_recorded_output_gives_the_rows_its_own_tests_demand() -> None:
    rows = corpus("ntc_templates")
    wrong = [
        row["source"]
        for row in rows
        if (parsed(row["platform"], row["command"], row["output"]).data or []) != row["expected"]
    ]
    assert len(rows) == 1885
    assert wrong == [_EXPECTED_OTHERWISE]


def test_the_row_that_differs_is_what_the_library_returns() -> None:
    row = next(row for row in corpus("ntc_templates") if row["source"] == _EXPECTED_OTHERWISE)
    result = parsed(row["platform"], row["command"], row["output"])
    assert result.data == parse_output(row["platform"], row["command"], row["output"])


_BRIEF = """\
Interface              IP-Address      OK? Method Status                Protocol
GigabitEthernet0/0     10.0.0.1        YES NVRAM  up                    up
GigabitEthernet0/1     unassigned      YES NVRAM  administratively down down
"""


def test_rows_know_their_lines() -> None:
    rows = parsed("ios", "show ip interface brief", _BRIEF).rows
    assert [(row.values["interface"], row.first, row.last) for row in rows] == [
        ("GigabitEthernet0/0", 1, 1),
        ("GigabitEthernet0/1", 2, 2),
    ]


def test_an_echoed_prompt_is_no_part_of_the_answer() -> None:
    output = f"router1#show ip interface brief\n{_BRIEF}router1#"
    result = parsed("ios", "show ip interface brief", output)
    assert result.status is ParseStatus.PARSED
    assert [row.first for row in result.rows] == [2, 3]


def test_records_of_several_lines_span_them() -> None:
    output = (
        "Eth1 is up, line protocol is up\n  Hardware is iGbE, address is 5000.000a.0000 (bia 5000.000a.0000)\n"
        "  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,\n"
        "Eth2 is down, line protocol is down\n  Hardware is iGbE, address is 5000.000a.0001 (bia 5000.000a.0001)\n"
    )
    rows = parsed("ios", "show interfaces", output).rows
    assert [(row.first, row.last) for row in rows] == [(0, 2), (3, 4)]


_STATUS_HEADING = "Port      Name               Status       Vlan       Duplex  Speed Type\n"


def test_a_table_without_rows_is_understood_by_a_strict_template() -> None:
    result = parsed("ios", "show interfaces status", _STATUS_HEADING)
    assert (result.status, result.rows, result.understood) == (ParseStatus.PARSED, (), True)


def test_a_table_without_rows_is_unparsed_where_a_template_passes_over_lines() -> None:
    result = parsed("ios", "show ip interface brief", _BRIEF.splitlines()[0] + "\n")
    assert (result.status, result.understood) == (ParseStatus.UNPARSED, False)


def test_a_refused_output_is_a_failure_that_keeps_the_parsers_name() -> None:
    result = parsed("ios", "show interfaces status", "this is no table\n")
    assert (result.status, result.parser) == (ParseStatus.FAILED, "ntc:cisco_ios_show_interfaces_status")


def test_a_runaway_template_is_interrupted() -> None:
    row = next(
        row for row in corpus("ntc_templates") if (row["platform"], row["command"]) == ("cisco_s300", "show vlan")
    )
    result = parsed(row["platform"], row["command"], row["output"], seconds=0.05)
    assert result.status is ParseStatus.TIMEOUT


def test_an_interrupted_template_parses_the_next_output_from_the_start() -> None:
    row = next(
        row for row in corpus("ntc_templates") if (row["platform"], row["command"]) == ("cisco_s300", "show vlan")
    )
    parsed(row["platform"], row["command"], row["output"], seconds=0.05)
    assert parsed(row["platform"], row["command"], row["output"]).data == row["expected"]


def test_a_template_in_the_cache_keeps_nothing_of_the_last_output() -> None:
    line = read_command("show ip interface brief")
    document = read_document(_BRIEF, line)
    template = open_template("cisco_ios_show_ip_interface_brief.textfsm")
    assert template.parse(document) == template.parse(document)


def test_a_filtered_output_is_partial() -> None:
    result = parsed("ios", "show ip interface brief | include down", _BRIEF.splitlines()[2] + "\n")
    assert result.status in {ParseStatus.PARTIAL, ParseStatus.FAILED}
    assert not result.understood
