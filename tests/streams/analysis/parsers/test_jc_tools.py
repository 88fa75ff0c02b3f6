import subprocess
import sys

import jc
import pytest

from streams.analysis.analysis import ParseStatus
from streams.analysis.command_line import read_command
from streams.analysis.deadline import Deadline
from streams.analysis.document import read_document
from streams.analysis.parsers import jc_tools
from streams.analysis.parsers.parse import Parse
from streams.analysis.parsers.reader import reader_of
from tests.streams.analysis.corpora import corpus


def parsed(os_type: str, command: str, output: str) -> Parse:
    document = read_document(output, read_command(command))
    return reader_of(os_type, command).parse(document, Deadline(30.0))


def test_every_recorded_output_gives_what_jc_itself_returns() -> None:
    rows = corpus("jc")
    wrong = []
    for row in rows:
        result = parsed(row["os_type"], row["command"], row["output"])
        if result.data != _by_jc(row["parser"], row["output"]):
            wrong.append((row["source"], result.parser))
    assert len(rows) == 288
    assert wrong == []


def _by_jc(parser: str, output: str) -> object:
    """Return jc's own answer; None where it raises."""
    try:
        return jc.parse(parser, output, quiet=True)
    except Exception:  # noqa: BLE001  # jc's parsers raise whatever foreign text makes them raise
        return None


def test_magic_commands_read_from_sources_are_those_that_jc_declares() -> None:
    declared = {
        command: entry["name"].replace("-", "_")
        for entry in jc.all_parser_info()
        for command in entry.get("magic_commands", [])
    }
    assert {command: jc_tools.find_parser(read_command(command)) for command in declared} == declared


@pytest.mark.parametrize(
    ("command", "parser"),
    [
        ("df -h", "df"),
        ("sudo /bin/df -hT", "df"),
        ("ip -4 ro", "ip_route"),
        ("ip address show", None),
        ("top -bn 1 | head -17", "top"),
        ("cat /proc/net/dev", "proc_net_dev"),
        ("cat /etc/passwd", None),
        ("systemctl list-units --failed", "systemctl"),
        ("df -h; free", None),
        ("", None),
    ],
)
def test_the_command_line_chooses_the_parser(command: str, parser: str | None) -> None:
    assert jc_tools.find_parser(read_command(command)) == parser


def test_the_parser_of_a_network_cli_is_never_a_unix_tool() -> None:
    assert parsed("iosxr", "show arp", "arp\n").status is not ParseStatus.PARSED


def test_choosing_a_parser_imports_no_parser() -> None:
    script = (
        "import sys\n"
        "from streams.analysis.command_line import read_command\n"
        "from streams.analysis.parsers.jc_tools import find_parser\n"
        "assert find_parser(read_command('df -h')) == 'df'\n"
        "print(sum(name.startswith('jc.parsers.') for name in sys.modules))\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(result.stdout) == 0
