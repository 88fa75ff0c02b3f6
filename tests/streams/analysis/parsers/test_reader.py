import pytest

from streams.analysis.deadline import Deadline
from streams.analysis.document import read_document
from streams.analysis.parsers.ntc import open_template
from streams.analysis.parsers.parse import Parse
from streams.analysis.parsers.reader import reader_of
from tests.streams.analysis.corpora import recorded

_DF = (
    "Filesystem     1K-blocks     Used Available Use% Mounted on\n/dev/sda1          41152    10288     30864  25% /\n"
)
_XML = '<?xml version="1.0"?>\n<rpc-reply><arp><ip>10.0.0.1</ip></arp></rpc-reply>\n'


def parsed(os_type: str, command: str, output: str) -> Parse:
    reader = reader_of(os_type, command)
    return reader.parse(read_document(output, reader.command), Deadline(30.0))


@pytest.mark.parametrize(
    ("os_type", "command", "output", "parser"),
    [
        ("linux", "sudo -nu root timeout 5 /bin/df", _DF, "jc:df"),
        ("linux", "ip netns exec blue sh -c 'df'", _DF, "jc:df"),
        ("eos", "bash timeout 5 df -hT", _DF, "jc:df"),
        ("ios", "df", _DF, ""),
        ("linux", "curl -s http://h/x", '{"a": 1}', "json"),
        ("linux", "ip -j addr", 'Last login: today\n[{"a": 1}]\n', "json"),
        (
            "junos",
            "show arp | display json | no-more",
            'user@mx> show arp | display json | no-more\n{"a": 1}\n',
            "json",
        ),
        ("junos", "show arp | display xml", _XML, "jc:xml"),
        ("panos", "<show><arp/></show>", "<response status='success'><result/></response>", "jc:xml"),
        ("linux", "cat page.html", "<!DOCTYPE html>\n<html></html>", ""),
    ],
)
def test_command_and_output_choose_the_parser(os_type: str, command: str, output: str, parser: str) -> None:
    assert parsed(os_type, command, output).parser == parser


@pytest.mark.parametrize("entity", ["<!ENTITY a 'aaaa'>", "<!DOCTYPE r [<!ENTITY a 'a'>]>"])
def test_entities_are_not_expanded(entity: str) -> None:
    assert parsed("junos", "show arp | display xml", f"<?xml version='1.0'?>{entity}<r>&a;</r>").parser == ""


@pytest.mark.parametrize(
    ("os_type", "command"),
    [
        ("linux", "vtysh -c 'show ip bgp summary'"),
        ("cumulus", 'docker exec frr vtysh -c "sh ip bgp sum"'),
        ("frr", "show ip bgp summary"),
        ("cisco.ios.ios", "do sh ip bgp sum"),
    ],
)
def test_router_commands_are_read_wherever_they_were_typed(os_type: str, command: str) -> None:
    output = recorded("ntc_templates", "cisco_ios", "show ip bgp summary").output
    result = parsed(os_type, command, output)
    assert result.status == "PARSED"
    assert result.parser.endswith("_show_ip_bgp_summary")


def test_a_table_filtered_by_a_pipe_is_partial() -> None:
    assert parsed("linux", "df | tail -1", _DF).status == "PARTIAL"


def test_what_a_shell_filtered_inside_is_partial_too() -> None:
    assert parsed("linux", "sh -c 'df | tail -2'", _DF).status == "PARTIAL"


def test_a_json_answer_loads_no_template() -> None:
    loaded = open_template.cache_info().currsize
    assert parsed("nxos", "show ip arp detail vrf all", '{"TABLE_vrf": []}').parser == "json"
    assert open_template.cache_info().currsize == loaded
