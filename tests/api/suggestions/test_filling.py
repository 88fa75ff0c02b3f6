import pytest

from api.suggestions.filling import Filled, fill_form
from schemas.command_form import form_of


@pytest.mark.parametrize(
    ("after", "form", "filled", "missing"),
    [
        ("ping 10.0.0.1", "show ip route {address}", "show ip route 10.0.0.1", ()),
        ("ping core1.example", "show ip route {address}", "show ip route {address}", ("address",)),
        ("ping core1.example", "traceroute {host}", "traceroute core1.example", ()),
        ("show ip route 10.0.0.0/8", "ping {host}", "ping {host}", ("host",)),
        ("show ip bgp neighbors 10.0.0.1", "ping {host}", "ping 10.0.0.1", ()),
        ("ping 10.0.0.1", "show ip bgp neighbors {name}", "show ip bgp neighbors 10.0.0.1", ()),
        ("show ip route vrf RED", "show ip arp vrf {name}", "show ip arp vrf RED", ()),
        ("show ip route vrf RED", "show users name {name}", "show users name {name}", ("name",)),
        ("ip addr show dev eth0", "ethtool {interface}", "ethtool eth0", ()),
        ("ethtool eth0", "ip -s link show dev {name}", "ip -s link show dev eth0", ()),
        ("show vlan 10", "show vlan {n} counters", "show vlan {n} counters", ("n",)),
        ("ping 10.0.0.1", "dig @{host} {host}", "dig @10.0.0.1 {host}", ("host",)),
        ("show interfaces Gi0/1", "show logging", "show logging", ()),
    ],
)
def test_only_what_fits_is_filled_in(after: str, form: str, filled: str, missing: tuple[str, ...]) -> None:
    assert fill_form(form, form_of(after).arguments) == Filled(filled, missing)
