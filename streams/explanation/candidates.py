"""Commands worth running next, by what was found: a small model chooses among them instead of inventing some."""

from collections.abc import Iterable
from typing import Final

from schemas.placeholders import placeholders_of
from schemas.risk import Risk, risk_of
from streams.explanation.request import ExplanationRequest

_ON_UNIX: Final = {
    "reachability": ("traceroute {subject}", "ip route get {subject}", "ip neigh show"),
    "path": ("ip route show", "ping -c 5 {subject}"),
    "dns": ("resolvectl status", "cat /etc/resolv.conf"),
    "interface": ("ip -s link show dev {subject}", "ethtool {subject}", "journalctl -k -n 100 --no-pager"),
    "neighbor": ("ip neigh show", "ip -s link show"),
    "disk": ("df -i", "lsblk -f"),
    "memory": ("free -m", "ps aux --sort=-rss", "vmstat"),
    "service": ("systemctl status {subject} --no-pager", "journalctl -u {subject} -n 100 --no-pager"),
    "clock": ("timedatectl status", "chronyc sources"),
    "bgp": ('vtysh -c "show ip bgp summary"', "ip route show"),
    "ospf": ('vtysh -c "show ip ospf neighbor"', "ip route show"),
    "": ("uptime", "ip -br link show", "journalctl -p err -n 50 --no-pager"),
}
_ON_NETWORK_SYSTEMS: Final = {
    "reachability": ("traceroute {subject}", "show ip route {subject}", "show arp"),
    "interface": ("show interfaces {subject}", "show logging"),
    "bgp": ("show ip bgp neighbors {subject}", "show ip route {subject}", "ping {subject}"),
    "ospf": ("show ip ospf interface", "show ip ospf neighbor detail", "ping {subject}"),
    "environment": ("show environment", "show logging"),
    "clock": ("show ntp associations", "show clock"),
    "": ("show logging", "show interfaces", "show version"),
}


def candidates(request: ExplanationRequest) -> tuple[str, ...]:
    """Return templates of commands that only read, for the first finding or, without one, for the system."""
    family = request.findings[0].kind.partition(".")[0] if request.findings else ""
    on_unix = risk_of("uptime", request.os_type) is Risk.READ_ONLY
    known = _ON_UNIX if on_unix else _ON_NETWORK_SYSTEMS
    return _usable(known.get(family, ()), request) or _usable(known[""], request)


def _usable(commands: Iterable[str], request: ExplanationRequest) -> tuple[str, ...]:
    values = request.values
    return tuple(
        command
        for command in commands
        if placeholders_of([command]) <= values.keys() and risk_of(command, request.os_type) is Risk.READ_ONLY
    )
