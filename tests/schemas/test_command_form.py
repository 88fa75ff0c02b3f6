import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.command_form import PLACEHOLDER, Argument, form_of


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("ping -c 4 10.0.0.1", "ping -c 4 {host}"),
        ("dig @8.8.8.8 example.com MX", "dig @{host} {host} MX"),
        ("show interfaces Gi0/1", "show interfaces {interface}"),
        ("show interfaces GigabitEthernet 0/1", "show interfaces GigabitEthernet {port}"),
        ("show ip route vrf RED 10.0.0.1", "show ip route vrf {name} {address}"),
        ("show ip bgp neighbors 10.0.0.1 advertised-routes", "show ip bgp neighbors {name} advertised-routes"),
        ("show bgp vrf all summary", "show bgp vrf all summary"),
        ("show ipv6 route", "show ipv6 route"),
        ("show vlan 10", "show vlan {n}"),
        ("show version| json", "show version | json"),
        ("show logging | include Gi0/1", "show logging | include {interface}"),
        ("sudo /sbin/ip link show  dev eth0 | head -5", "sudo /sbin/ip link show dev {name} | head -5"),
        ('vtysh -c "show ip bgp neighbors 10.0.0.1"', 'vtysh -c "show ip bgp neighbors {name}"'),
        ("systemctl status nginx.service", "systemctl status nginx.service"),
        ("cat /proc/net/dev", "cat /proc/net/dev"),
        ("cat /home/alice/notes.txt", "cat {path}"),
        ("mysql -uroot -phunter2xx shop", "mysql {arg} {arg} shop"),
        ("awk '{print $1}' x", "awk {arg} x"),
        ("", ""),
    ],
)
def test_what_varies_becomes_a_placeholder_and_the_rest_stays(command: str, text: str) -> None:
    assert form_of(command).text == text


@pytest.mark.parametrize("command", ["a; b", "a && b", "a > /etc/x", "echo $(id)", "a || b", "a\nb", "x" * 501])
def test_a_line_that_is_no_single_command_can_not_be_suggested(command: str) -> None:
    assert (form_of(command).text, form_of(command).key) == ("", "{script}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ping -c 4 10.0.0.1", "sudo /bin/ping -c 10 core1"),
        ("show version", "show version | json"),
        ("show interfaces Gi0/1", "show interfaces Te1/0/24 | include errors"),
    ],
)
def test_commands_that_others_follow_alike_have_one_key(one: str, other: str) -> None:
    assert form_of(one).key == form_of(other).key


def test_arguments_are_those_of_the_placeholders_in_their_order() -> None:
    form = form_of("show ip route vrf RED 10.0.0.1")
    assert form.arguments == (Argument("name", "RED", "vrf"), Argument("address", "10.0.0.1", "red"))


@given(
    st.lists(
        st.sampled_from(["ping", "-c", "4", "10.0.0.1", "|", "Gi0/1", "vrf", "'a b'", '"', "'", "{x}", "/etc/x", "é"]),
        max_size=8,
    )
)
def test_every_placeholder_of_a_form_has_its_argument(words: list[str]) -> None:
    form = form_of(" ".join(words))
    assert PLACEHOLDER.findall(form.text) == [argument.kind for argument in form.arguments]


@given(secret=st.text("ABCDEFGHJKLMNP23456789", min_size=8, max_size=20).filter(lambda text: not text.isalpha()))
def test_a_random_word_never_stays(secret: str) -> None:
    for command in (f"login {secret}", f"mysql -p{secret} db", f"show user {secret}", f"grep '{secret}' /etc/x"):
        assert secret not in form_of(command).text
