import pytest

from streams.analysis.command_line import LONGEST_COMMAND, read_command


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
        ("sudo -nu root env LC_ALL=C timeout -k 5 3s /sbin/ip -d addr show | head", "ip -d addr show"),
        ("/sbin/ip -d addr show | head", "ip -d addr show"),
        ("ip netns exec blue ping -c1 h", "ping -c1 h"),
        ("ip vrf exec mgmt /bin/ping h", "ping h"),
        ("sh -c 'df -h | head -3'", "df -h"),
        ('sudo bash -lc "ip -j addr"', "ip -j addr"),
        ("sudo su - -c 'systemctl status x'", "systemctl status x"),
        ("docker exec -it -e A=b frr vtysh -c 'show ip bgp summary'", "show ip bgp summary"),
        ("kubectl exec -n x pod-1 -c frr -- df -h", "df -h"),
        ("ssh -p 22 u@h df -h", "df -h"),
        ("nice -n 10 nohup ping h", "ping h"),
        ("LC_ALL=C df", "df"),
        ("df -h 2>/dev/null", "df -h"),
        ("df -h;", "df -h"),
        ("sudo -l", "sudo -l"),
        ("do show ip bgp summary", "show ip bgp summary"),
        ("run show bgp summary", "show bgp summary"),
        ("cli -c 'show bgp summary | no-more'", "show bgp summary"),
        ("[root@centos ~]# df -h", "df -h"),
        ("[admin@MikroTik] > /ip address print", "ip address print"),
        ("<HUAWEI> display version", "display version"),
        ("[~HUAWEI]display version", "display version"),
        ("C:\\Users\\x>C:\\Windows\\System32\\ping.exe h", "ping h"),
        ("<show><arp/></show>", "<show><arp/></show>"),
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
        ("sh -c 'df -h | head -3'", True),
        ("cli -c 'show bgp summary | no-more'", False),
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
        ("df -h;", False),
        ("sleep 1 && sh -c 'df'", True),
        ("vtysh -c 'show ip route' -c 'show ip bgp'", True),
        ("vtysh -c 'configure terminal'", False),
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


def test_several_commands_to_a_router_are_told_apart() -> None:
    line = read_command("vtysh -c 'show ip bgp summary' -c 'show ip route'")
    assert line.router_shell
    assert line.parts == ("show ip bgp summary", "show ip route")
    assert not line.only_mentions("bgp")


def test_of_an_overlong_command_the_beginning_counts() -> None:
    assert len(read_command("df " + "x" * 1_000_000).text) == LONGEST_COMMAND
