import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.analysis.command_template import command_template
from tests.streams.analysis.corpora import corpus


@pytest.mark.parametrize(
    ("command", "template"),
    [
        ("ping -c 4 10.0.0.1", "ping -c {n} {host}"),
        ("ping -c 20 www.example.net", "ping -c {n} {host}"),
        ("sudo /bin/ping -c 4 gateway", "ping -c {n} {host}"),
        ("df -h", "df -h"),
        ("ip neigh show", "ip neigh show"),
        ("ip addr show dev eth0", "ip address show dev {name}"),
        ("show interfaces GigabitEthernet0/1", "show interfaces {interface}"),
        ("show ip route 10.1.0.0/16", "show ip route {address}"),
        ("show ip bgp neighbors 10.0.0.1", "show ip bgp neighbors {address}"),
        ("show ip route vrf CUSTOMER-A", "show ip route vrf {name}"),
        ("show bgp vrf all summary", "show bgp vrf all summary"),
        ("show ipv6 route", "show ipv6 route"),
        ("/sbin/bridge -c vlan show", "bridge -c vlan show"),
        ("show version | json", "show version"),
        ("show interfaces | include down", "show interfaces | {filter}"),
        ("cat /etc/hosts", "cat {path}"),
        ("mysql -uroot -phunter2xx shop", "mysql {arg} {arg} {arg}"),
        ("curl --token=abc http://h/", "curl --token={arg} {host}"),
        ("ping -c4 10.0.0.1", "ping -c {n} {host}"),
        ("ping -6 --count=4 core1", "ping -6 --count={n} {host}"),
        ("dig +short @10.0.0.1 example.net MX", "dig +short {host} {host} MX"),
        ("cat /proc/net/dev", "cat /proc/net/dev"),
        ("cat /proc/1234/environ", "cat {path}"),
        ("show interface GigabitEthernet 0/1", "show interface {interface}"),
        ("show vlan 10", "show vlan {n}"),
        ("df -h; free -m", "df -h; free -m"),
        ("login hunter && df", "login {arg}; df"),
        ("if true; then df; fi", "{script}"),
        ("echo $(cat x); df", "{script}"),
        ("df; df; df; df; df; df", "{script}"),
        ("<show><arp><entry name='all'/></arp></show>", "show arp entry"),
        ("", ""),
    ],
)
def test_arguments_become_placeholders(command: str, template: str) -> None:
    assert command_template(command) == template


@given(secret=st.text("ABCDEFGHJKLMNP23456789", min_size=8, max_size=20))
def test_what_is_no_word_of_a_command_never_stays(secret: str) -> None:
    for command in (
        f"login {secret}",
        f"show user {secret}",
        f"ping {secret}",
        f"ssh -p {secret} h",
        f"x --k={secret}",
    ):
        assert secret not in command_template(command)


@pytest.mark.parametrize(
    ("os_type", "command", "template"),
    [
        ("ios", "sh ip bgp sum", "show ip bgp summary"),
        ("cisco_ios", "sh int status", "show interfaces status"),
        ("ios", "sh int Gi0/1", "show interfaces {interface}"),
        ("nxos", "sh foo", "show foo"),
        ("eos", "sh ip int br", "show ip interface brief"),
        ("junos", "show bgp summ", "show bgp summary"),
        ("iosxr", "admin show environment fan", "admin show environment fan"),
        ("iosxr", "admin show secretword", "admin show {arg}"),
        ("routeros", "routing bgp peer print status", "routing bgp peer print status"),
        ("fortios", "execute ping gateway", "execute ping {host}"),
        ("linux", "sh backup", "sh {arg}"),
        ("linux", "/sbin/ip -s link show", "ip -s link show"),
        ("", "sh ip bgp sum", "sh {arg} {arg} {arg}"),
    ],
)
def test_a_platform_s_language_is_spelled_out(os_type: str, command: str, template: str) -> None:
    assert command_template(command, os_type) == template


@given(secret=st.text("abcdefghjkmnp", min_size=9, max_size=20), os_type=st.sampled_from(["ios", "junos", "linux"]))
def test_a_lower_case_word_stays_only_where_the_language_has_it(secret: str, os_type: str) -> None:
    commands = (f"show vrf {secret}", f"username {secret} password {secret}", f"ping {secret}", f"admin show {secret}")
    assert not any(secret in command_template(command, os_type) for command in commands)


def test_commands_that_templates_are_named_after_keep_their_words() -> None:
    commands = {(row["platform"], row["command"]) for row in corpus("ntc_templates")}
    masked = {
        command
        for platform, command in commands
        if re.search(r"{(arg|name|path|host)}", command_template(command, platform))
    }
    assert masked == {"display ont info by-sn ABC"}
