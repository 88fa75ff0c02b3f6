import pytest
from textfsm import clitable

from streams.analysis.parsers.ntc_index import TEMPLATES, find_template
from tests.streams.analysis.corpora import corpus


@pytest.fixture(scope="module")
def library() -> clitable.IndexTable:
    """The library's own index."""
    return clitable.CliTable("index", str(TEMPLATES)).index


def test_every_recorded_command_finds_the_librarys_template(library: clitable.IndexTable) -> None:
    asked = {(row["platform"], row["command"]) for row in corpus("ntc_templates")}
    for platform, command in sorted(asked):
        row = library.GetRowMatch({"Platform": platform, "Command": command})
        assert find_template(platform, command) == (library.index[row]["Template"] if row else None)


def test_every_joined_template_has_keys_to_join_by(library: clitable.IndexTable) -> None:
    joined = [row["Template"] for row in library.index if ":" in row["Template"]]
    assert joined
    for names in joined:
        first = (TEMPLATES / names.split(":")[0]).read_text(encoding="utf-8")
        assert any("Key" in line.split()[1].split(",") for line in first.splitlines() if line.startswith("Value "))


@pytest.mark.parametrize(
    ("platform", "command", "template"),
    [
        ("cisco_ios", "show ip bgp summary", "cisco_ios_show_ip_bgp_summary.textfsm"),
        ("cisco_ios", "sh ip bgp sum", "cisco_ios_show_ip_bgp_summary.textfsm"),
        ("cisco_ios", "sh ip int br", "cisco_ios_show_ip_interface_brief.textfsm"),
        ("arista_eos", "sh int stat", "arista_eos_show_interfaces_status.textfsm"),
        ("cisco_ios", "configure terminal", None),
        ("no_such_platform", "show version", None),
    ],
)
def test_abbreviations_find_the_template(platform: str, command: str, template: str | None) -> None:
    assert find_template(platform, command) == template
