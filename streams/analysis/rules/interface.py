"""Interfaces: down, shut down, or losing packets to errors."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from streams.analysis.case import Case
from streams.analysis.finding import Finding, Severity
from streams.analysis.interfaces import bundles, columns, json_members, nic_statistics, rows, text, text_counters
from streams.analysis.interfaces.interface import ErrorCounters, Interface, LinkState, worst_by_name
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_ABOUT_INTERFACES: Final = (
    r"int|addr|link|ifconfig|port|/proc/net/(?:dev|bonding)|netstat -\w*i|system/state|\blag\b|\bethtool\b"
    r"|ether-?channel|\bip\b(?! (?:-\S+ )*(?:ro?|m?route|rule|ne?|nei\w*|bgp|ospf|eigrp|arp|ssh|nat|dhcp|prefix\S*)\b)"
)
_OTHER_TABLES: Final = (
    r"ospf|isis|pim|igmp|mpls|ldp|rsvp|bfd|\bst[pg]\b|span|lldp|cdp|lacp|vrrp|hsrp|standby|dot1x|eigrp|\brip\b|vlan|vpc"
    r"|mlag|track|qos|policy|voice|isdn|cluster|\bacl\b|dhcp|\bnat\b|\bmac\b|security|poe|inline|arp|neigh|route|bgp"
    r"|snmp|transceiver"
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What an output shows; `is_all` unless it may show interfaces that were passed over."""

    interfaces: list[Interface]
    counters: list[ErrorCounters]
    is_all: bool = True


def _read(case: Case) -> Reading:
    if case.command.mentions(nic_statistics.COMMANDS):
        return _of_statistics(case)
    seen = _gather(case)
    interfaces = worst_by_name(seen.interfaces)
    findings = (*_states(interfaces), *_errors(seen.counters, case.thresholds.interface_error_percent))
    if not interfaces:
        return Reading(findings) if findings else NOTHING_READ
    up = sum(interface.state is LinkState.UP for interface in interfaces)
    return Reading(
        findings,
        {"interfaces": str(len(interfaces)), "interfaces_up": str(up)},
        f"{up} of {len(interfaces)} interfaces up",
        complete=seen.is_all and case.command.only_mentions(_ABOUT_INTERFACES),
    )


def _of_statistics(case: Case) -> Reading:
    counters = nic_statistics.error_counters(case.document, case.command.words[-1])
    if counters is None:
        return NOTHING_READ
    findings = tuple(_errors([counters], case.thresholds.interface_error_percent))
    return Reading(findings, complete=case.command.only_mentions(_ABOUT_INTERFACES))


def _gather(case: Case) -> _Seen:
    """Read tables and JSON by their members, anything else by its lines."""
    is_bundles = case.command.mentions(bundles.COMMANDS)
    if case.parse.parser == "json":
        members = list(json_members.interfaces(case))
        flagged = list(bundles.interfaces(case.document)) if is_bundles and not members else []
        return _Seen(members or flagged, list(json_members.error_counters(case)))
    if is_bundles:
        return _Seen(list(bundles.interfaces(case.document)), [])
    if rows.is_interface_table(case):
        found = list(rows.interfaces(case))
        if found and len(found) >= case.document.text.count(", line protocol is "):
            return _Seen(found, list(rows.error_counters(case)))
    return _of_lines(case)


def _of_lines(case: Case) -> _Seen:
    """Read blocks and sentences, or tables by their own headers, whichever shows more."""
    document = case.document
    told = _Seen(list(text.interfaces(document)), list(text_counters.error_counters(document)))
    if case.parse.rows or case.command.mentions(_OTHER_TABLES):
        return told
    listed = _Seen(list(columns.interfaces(document)), list(columns.error_counters(document)))
    if len(listed.interfaces) + len(listed.counters) < len(told.interfaces) + len(told.counters):
        return told
    return replace(listed, is_all=columns.are_understood(document))


def _states(interfaces: Iterable[Interface]) -> Iterator[Finding]:
    for interface in interfaces:
        if interface.quote is None:
            continue
        kind, severity = _KINDS[interface.state]
        yield Finding.quoting(interface.quote, kind, severity, interface.name, {"state": interface.shown})


_KINDS: Final = {
    LinkState.DOWN: ("interface.down", Severity.WARNING),
    LinkState.UNPLUGGED: ("interface.down", Severity.INFO),
    LinkState.ADMIN_DOWN: ("interface.admin_down", Severity.INFO),
}


def _errors(found: Iterable[ErrorCounters], tolerated: float) -> Iterator[Finding]:
    named = {counters.name: counters for counters in found}
    for name, counters in named.items():
        if counters.quote is None:
            continue
        severity = Severity.WARNING if counters.percent > tolerated else Severity.INFO
        yield Finding.quoting(counters.quote, "interface.errors", severity, name, _error_facts(counters))


def _error_facts(counters: ErrorCounters) -> dict[str, str]:
    facts = {"input_errors": str(counters.input_errors), "output_errors": str(counters.output_errors)}
    if counters.input_packets or counters.output_packets:
        facts["input_packets"] = str(counters.input_packets)
        facts["output_packets"] = str(counters.output_packets)
        facts["error_percent"] = f"{counters.percent:.4g}"
    return facts


FAMILY: Final = Family(
    name="interface",
    about=_ABOUT_INTERFACES,
    rules=(
        Rule(
            kind="interface.down",
            severities=(Severity.INFO, Severity.WARNING),
            threshold="administratively up and operationally down; info if merely not connected",
            platforms="all network systems, iproute2, ifconfig",
            description="An interface that should work does not.",
            phrase="{subject} is down",
            example=Example(
                "ios",
                "show interfaces",
                "GigabitEthernet0/1 is down, line protocol is down (notconnect)\n  Hardware is iGbE\n",
            ),
        ),
        Rule(
            kind="interface.admin_down",
            severities=(Severity.INFO,),
            threshold="administratively down",
            platforms="all network systems, iproute2, ifconfig",
            description="Somebody has shut the interface down.",
            phrase="{subject} is shut down",
            example=Example("linux", "ip link", "2: eth1: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN\n"),
        ),
        Rule(
            kind="interface.errors",
            severities=(Severity.INFO, Severity.WARNING),
            threshold="error counters > 0; warning above 0.1 % of the packets",
            platforms="all network systems, iproute2, ifconfig, ethtool, /proc/net/dev",
            description="An interface has received or sent broken packets.",
            phrase="{subject} counts {input_errors} input and {output_errors} output errors",
            example=Example(
                "ios",
                "show interfaces",
                "GigabitEthernet0/1 is up, line protocol is up\n     1000 packets input, 5000 bytes\n"
                "     2 input errors, 2 CRC, 0 frame, 0 overrun, 0 ignored\n",
            ),
        ),
    ),
    read=_read,
)
