import pytest

from streams.analysis.command_line import read_command


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ping -c 3 10.0.0.1", "ping -c 3 10.0.0.1"),
        ("sudo ping -c 3 h", "ping -c 3 h"),
        ("sudo -u nobody -n ping h", "ping h"),
        ("/usr/bin/ping h", "ping h"),
        ("timeout 5 df -h", "df -h"),
        ("bash timeout 4 top -bn 1 -N | head -17", "top -bn 1 -N"),
        ("env LC_ALL=C df", "df"),
        ("sudo vtysh -c 'show ip ospf vrf all neighbor'", "show ip ospf vrf all neighbor"),
        ('vtysh -c "show bgp summary" | grep x', "show bgp summary"),
        ("router1# show version", "show version"),
        ("user@mx1> show bgp summary | no-more", "show bgp summary"),
        ("show interface | egrep '^\\w|Hardware|MTU'", "show interface"),
        ("  ", ""),
    ],
)
def test_wrappers_paths_prompts_and_pipes_are_set_aside(text: str, plain: str) -> None:
    assert read_command(text).plain == plain


@pytest.mark.parametrize(
    ("text", "filtered"),
    [
        ("df -h", False),
        ("show version | json", False),
        ("show arp no-resolve | display json | no-more", False),
        ("show run | include bgp", True),
        ("top -bn 1 | head -17", True),
        ("show interface | egrep '^\\w|Hardware'", True),
        ("grep 'a|b' file", False),
    ],
)
def test_pipes_that_remove_lines_are_known(text: str, filtered: bool) -> None:
    assert read_command(text).filtered is filtered


@pytest.mark.parametrize(
    ("text", "compound"),
    [
        ("df -h", False),
        ("df -h; free", True),
        ("true && df", True),
        ("if [ -f x ]; then df; fi", True),
        ("echo 'a;b'", False),
    ],
)
def test_lines_of_several_commands_are_known(text: str, compound: bool) -> None:
    assert read_command(text).compound is compound


def test_every_command_of_a_line_can_be_asked() -> None:
    line = read_command("sudo vtysh -c 'show int vrf all'; ip -d address show")
    assert line.only_mentions(r"\bint|\bip\b")
    assert not line.only_mentions(r"\bip\b")


def test_a_routers_cli_on_a_host_is_known() -> None:
    assert read_command("sudo vtysh -c 'show ip route'").router_shell
    assert not read_command("show ip route").router_shell
