import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.analysis.command_template import command_template


@pytest.mark.parametrize(
    ("command", "template"),
    [
        ("ping -c 4 10.0.0.1", "ping -c {n} {host}"),
        ("ping -c 20 www.example.net", "ping -c {n} {host}"),
        ("sudo /bin/ping -c 4 gateway", "ping -c {n} {host}"),
        ("df -h", "df -h"),
        ("ip neigh show", "ip neigh show"),
        ("ip addr show dev eth0", "ip addr show dev {name}"),
        ("show interfaces GigabitEthernet0/1", "show interfaces {interface}"),
        ("show ip route 10.1.0.0/16", "show ip route {address}"),
        ("show ip bgp neighbors 10.0.0.1", "show ip bgp neighbors {name}"),
        ("show ip route vrf CUSTOMER-A", "show ip route vrf {name}"),
        ("show bgp vrf all summary", "show bgp vrf all summary"),
        ("show ipv6 route", "show ipv6 route"),
        ("/sbin/bridge -c vlan show", "bridge -c vlan show"),
        ("show version | json", "show version"),
        ("show interfaces | include down", "show interfaces | {filter}"),
        ("cat /etc/hosts", "cat {path}"),
        ("mysql -uroot -phunter2xx shop", "mysql {arg} {arg} {arg}"),
        ("curl --token=abc http://h/", "curl {host} {host}"),
        ("a; b", "{script}"),
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
