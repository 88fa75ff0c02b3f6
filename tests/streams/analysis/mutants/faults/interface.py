"""Interfaces: down, shut down, up again, and with errors."""

from typing import Final

from tests.streams.analysis.mutants.mutation import Edit, fault

_SHOW: Final = r"\bint|ip -d|ip addr|ip link|show port|\bip a\b"
_LINUX: Final = r"ip -d addr|ip addr|ip link"
_STATUS: Final = r"int\w* status\b(?! err)"
_BRIEF: Final = r"(?:ip|ipv4|ipv6) int\w* br"

INTERFACE_FAULTS: Final[tuple[Edit, ...]] = (
    fault("line protocol down", _SHOW, r"is up, line protocol is up", "is up, line protocol is down"),
    fault("link down", _SHOW, r"is up, line protocol is up", "is down, line protocol is down"),
    fault("shut down", _SHOW, r"is up, line protocol is up", "is administratively down, line protocol is down"),
    fault("link up again", _SHOW, r" is down, line protocol is down(?: \([\w-]+\))?", " is up, line protocol is up"),
    fault(
        "shut down instead of down",
        _SHOW,
        r"(?<! administratively)(?<=is )down, line protocol is down\b",
        "administratively down, line protocol is down",
    ),
    fault("down in a brief list", _BRIEF, r"\bup( +)up\b", r"down\1down"),
    fault("up/down in a brief list", _BRIEF, r"\bup( +)up\b", r"up\1down"),
    fault(
        "shut down in a brief list",
        _BRIEF,
        r"\bup( +)up\b",
        r"administratively down\1down",
        without=r"Comware|IP Interface Status",
    ),
    fault("not connected", _STATUS, r"(?<= )connected( {2,3})", r"notconnect\1"),
    fault("disabled for an error", _STATUS, r"\bconnected   ", "err-disabled"),
    fault("disabled", _STATUS, r"(?<= )connected  ", "disabled   "),
    fault("connected again", _STATUS, r"\bnotconnect\b|\bnotconnec\b", "connected "),
    fault(
        "no carrier",
        _LINUX,
        r"<(?P<flags>BROADCAST[^>]*),UP,LOWER_UP>(?P<rest>[^\n]*) state UP\b",
        r"<NO-CARRIER,\g<flags>,UP>\g<rest> state DOWN",
    ),
    fault(
        "not up",
        _LINUX,
        r"<(?P<flags>BROADCAST[^>]*),UP,LOWER_UP>(?P<rest>[^\n]*) state UP\b",
        r"<\g<flags>>\g<rest> state DOWN",
    ),
    fault("Comware: down", r"display interface", r"^(?P<head>[Cc]urrent state ?: )UP\b", r"\g<head>DOWN"),
    fault(
        "Comware: shut down",
        r"display interface",
        r"^(?P<head>[Cc]urrent state ?: )UP\b",
        r"\g<head>DOWN (Administratively)",
    ),
    fault(
        "NX-OS: down",
        r"show interface(?! status| brief)",
        r"^(?P<name>Ethernet\S+) is up\s*$",
        r"\g<name> is down (Link not connected)",
    ),
    fault(
        "NX-OS: shut down",
        r"show interface(?! status| brief)",
        r"^(?P<name>Ethernet\S+) is up\s*$",
        r"\g<name> is down (Administratively down)",
    ),
    fault(
        "Junos: down",
        r"show interfaces",
        r"(?P<head>Physical interface: \S+, Enabled, Physical link is )Up",
        r"\g<head>Down",
    ),
    fault(
        "Junos: shut down",
        r"show interfaces",
        r"(?P<head>Physical interface: \S+, )Enabled, Physical link is Up",
        r"\g<head>Administratively down, Physical link is Down",
    ),
    fault(
        "JSON: line protocol down",
        r"show interfaces(?: *\|.*)?$",
        r"\"lineProtocolStatus\"\s*:\s*\"up\"",
        '"lineProtocolStatus": "down"',
    ),
    fault("JSON: state down", r"interface", r"\"(?P<key>state|link-state)\"\s*:\s*\"up\"", r'"\g<key>": "down"'),
    fault(
        "JSON: operational state down",
        r"interface.*json",
        r"(?P<head>\"oper-status\"\s*:\s*\[\s*\{\s*\"data\"\s*:\s*)\"up\"",
        r'\g<head>"down"',
    ),
    fault(
        "one input error", _SHOW, r"^(?P<head>\s+(?:\d+ \w+(?: packets)?, +)?)0 input errors", r"\g<head>1 input errors"
    ),
    fault(
        "one output error",
        _SHOW,
        r"^(?P<head>\s+(?:\d+ \w+(?: packets)?, +)?)0 output errors",
        r"\g<head>1 output errors",
    ),
    fault(
        "many input errors",
        _SHOW,
        r"^(?P<head>\s+(?:\d+ \w+(?: packets)?, +)?)0 input errors",
        r"\g<head>987654321 input errors",
    ),
    fault("ifconfig: one error", r"ifconfig", r"RX errors(?P<gap>[ :])0", r"RX errors\g<gap>1"),
    fault(
        "one error in /proc/net/dev",
        r"^cat /proc/net/dev$",
        r"^(?P<head> *\w+: *[1-9]\d* +[1-9]\d* +)0(?= )",
        r"\g<head>1",
    ),
)
