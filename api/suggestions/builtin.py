"""Commands to begin with, for systems whose people have typed nothing yet. They change nothing."""

from typing import Final

_UNIX: Final = (
    "ip -s link", "ip addr", "ip route", "ip neigh", "ping -c 4 {host}", "traceroute {host}", "ss -tulpn", "df -h",
    "free -m", "uptime", "systemctl list-units --failed", "journalctl -p err -n 50", "dig {host}",
    "ethtool {interface}",
)  # fmt: skip
_NETWORK: Final = (
    "show interfaces", "show version", "show arp", "show lldp neighbors", "show route", "ping {host}",
    "traceroute {host}", "show bgp summary", "show ospf neighbor", "show log",
)  # fmt: skip
_CISCO_LIKE: Final = (
    "show ip interface brief", "show interfaces", "show interfaces {interface}", "show ip route",
    "show ip route {address}", "show ip bgp summary", "show ip ospf neighbor", "show ip arp", "show logging",
    "ping {host}", "traceroute {host}", "show version", "show lldp neighbors", "show environment",
)  # fmt: skip
_JUNOS: Final = (
    "show interfaces terse", "show interfaces {interface} extensive", "show route", "show route {address}",
    "show bgp summary", "show ospf neighbor", "show arp no-resolve", "show lldp neighbors", "show log messages",
    "show chassis alarms", "ping {host} count 4", "traceroute {host}", "show system uptime", "show version",
)  # fmt: skip
_FAMILIES: Final = {
    "ios": _CISCO_LIKE, "xr": _CISCO_LIKE, "nxos": _CISCO_LIKE, "nexus": _CISCO_LIKE, "eos": _CISCO_LIKE,
    "asa": _CISCO_LIKE, "cisco": _CISCO_LIKE, "arista": _CISCO_LIKE, "junos": _JUNOS, "juniper": _JUNOS,
    "panos": _NETWORK, "paloalto": _NETWORK, "sros": _NETWORK, "nokia": _NETWORK, "exos": _NETWORK, "huawei": _NETWORK,
    "vyos": _NETWORK, "routeros": _NETWORK, "fortios": _NETWORK, "dell": _NETWORK, "aruba": _NETWORK, "hp": _NETWORK,
}  # fmt: skip


def builtin_forms(os_type: str) -> tuple[str, ...]:
    """Return forms for a kind of system, the most useful first; an unknown name is taken for a Unix host."""
    name = os_type.lower()
    return next((forms for family, forms in _FAMILIES.items() if name.startswith(family)), _UNIX)
