"""Names that an explanation may use though no output holds them: the field's own words."""

from typing import Final

NAMES: Final = frozenset({
    "802.1q", "802.1x", "802.3ad", "acl", "aes", "api", "arp", "as", "asic", "asn", "bfd", "bgp", "bios", "bpdu",
    "bsd", "ca", "cdp", "cidr", "cisco", "cli", "cpu", "crc", "dhcp", "dhcpv6", "dns", "dnssec", "dos", "e.g",
    "ebgp", "ecc", "ecmp", "eigrp", "eos", "etc", "ethernet", "evpn", "fib", "frr", "ftp", "gre", "gui", "hsrp",
    "http", "https", "i.e", "ibgp", "icmp", "icmpv6", "id", "ids", "igmp", "imap", "io", "ios", "ip", "ips",
    "ipsec", "ipv4", "ipv6", "irq", "is-is", "isis", "isp", "json", "juniper", "junos", "kvm", "l1", "l2", "l3",
    "lacp", "lag", "lan", "ldap", "ldp", "linux", "lldp", "lsa", "lsp", "lte", "mac", "macsec", "mlag", "mpls",
    "mss", "mtu", "nat", "ndp", "netflow", "nfs", "nic", "ntp", "numa", "nx-os", "nxos", "ok", "oom", "optic",
    "os", "osi", "ospf", "ospfv2", "ospfv3", "pim", "pki", "poe", "ppp", "ptp", "pvst", "qos", "radius", "ram",
    "rfc", "rib", "rip", "rpc", "rsvp", "rtt", "sdn", "sfp", "sla", "smtp", "snmp", "snmpv2", "snmpv3", "ssd",
    "ssh", "ssl", "stp", "svi", "syn", "tacacs", "tcp", "telnet", "tls", "ttl", "udp", "unix", "upnp", "ups",
    "uri", "url", "usb", "utc", "vip", "vlan", "vm", "vni", "vpc", "vpn", "vrf", "vrrp", "vs", "vtep", "vxlan",
    "wan", "wi-fi", "wifi", "wireguard", "xml",
})  # fmt: skip
"""In lower case; compared without regard to case."""

NUMBER_WORDS: Final = frozenset({
    "billion", "double", "dozen", "eight", "eighteen", "eighty", "eleven", "fifteen", "fifty", "five", "forty",
    "four", "fourteen", "half", "hundred", "million", "nine", "nineteen", "ninety", "quarter", "seven",
    "seventeen", "seventy", "six", "sixteen", "sixty", "ten", "third", "thirteen", "thirty", "thousand", "three",
    "thrice", "triple", "twelve", "twenty", "twice", "two", "zero",
})  # fmt: skip
"""Words that claim a number. `one` and `second` are left out: they are seldom meant so."""
