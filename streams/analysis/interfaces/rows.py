"""Interfaces from the tables of ntc-templates, whichever columns a platform's template has."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from streams.analysis.case import Case
from streams.analysis.interfaces.interface import ErrorCounters, Interface, LinkState, Shown, link_state
from streams.analysis.quoting import quote_count, quote_row

_TEMPLATES: Final = re.compile(r"interface|_port|show_ipv?[46]?_int")
_OTHER_TABLES: Final = re.compile(
    r"ospf|pim|isis|rsvp|mpls|cts|transceiver|switchport|vlan|snmp|queue|capab|breakout|lldp|poe|eigrp|hsrp|bfd"
    r"|running|ntp|vrf|policy|service|track|voice|igmp|helper|dom|monitor|cluster|group|security|power|inline"
    r"|stp|spanning|ldp|aggreg|linkagg|channel|route|dhcp|nve|neighbor|license|portal|port-map|support|xcvr"
    r"|statistics_|bonding|lte|ethernet_poe|wireguard|mikrotik|linux_|_ont|report"
)
_NAMES: Final = ("interface", "port", "intf", "port_id", "interface_name", "name")
_ADMIN: Final = (
    "admin_status", "admin_state", "link_admin", "admin", "port_admin", "admin_link", "admin_mode", "enabled",
    "interface_status_admin",
)  # fmt: skip
_LINK: Final = (
    "link_status", "line_status", "link_state", "linkstate", "oper_status", "operational_status",
    "operational_state", "oper_state", "interface_status_oper", "intf_state", "phy", "physical", "intstate",
    "link", "port_state", "status", "state",
)  # fmt: skip
_PROTOCOL: Final = ("protocol_status", "linep_state", "proto", "proto_state", "protostate", "protocol")
_NOT_A_PROTOCOL: Final = re.compile(r"^(?:-+|none|ipv4|lacp|ldp|eth|unassigned)?$", re.IGNORECASE)
_INPUT_ERRORS: Final = (
    "input_errors", "in_errors", "inerrors", "rx_errors", "errors_in", "errors_rx", "crc", "rx_crc_fcs", "fcs_num",
    "overrun", "inerrs",
)  # fmt: skip
_OUTPUT_ERRORS: Final = ("output_errors", "out_errors", "outerrors", "tx_errors", "errors_out", "errors_tx")
_INPUT_PACKETS: Final = ("input_packets", "in_packets", "rx_packets", "packets_in", "rx_total_packets", "inpackets")
_OUTPUT_PACKETS: Final = ("output_packets", "out_packets", "tx_packets", "packets_out", "tx_total_packets")


def is_interface_table(case: Case) -> bool:
    """Whether the output was read by a template for the state of interfaces."""
    return bool(_TEMPLATES.search(case.template)) and not _OTHER_TABLES.search(case.template)


def interfaces(case: Case) -> Iterator[Interface]:
    """Yield the interfaces of the table's rows, in order."""
    for row in case.parse.rows:
        name = _value(row.values, _NAMES)
        shown = _shown(row.values)
        state = link_state(shown)
        if not name or state is None:
            continue
        quote = None
        if state is not LinkState.UP:
            quote = quote_row(case.document, row, name, _words(shown))
        yield Interface(name, state, str(shown), quote)


def error_counters(case: Case) -> Iterator[ErrorCounters]:
    """Yield the error counters of the rows that have errors."""
    for row in case.parse.rows:
        name = _value(row.values, _NAMES)
        input_errors = max(_number(row.values, column) for column in _INPUT_ERRORS)
        output_errors = max(_number(row.values, column) for column in _OUTPUT_ERRORS)
        if not name or not input_errors + output_errors:
            continue
        yield ErrorCounters(
            name=name,
            input_errors=input_errors,
            output_errors=output_errors,
            input_packets=max(_number(row.values, column) for column in _INPUT_PACKETS),
            output_packets=max(_number(row.values, column) for column in _OUTPUT_PACKETS),
            quote=quote_count(case.document, row, input_errors or output_errors),
        )


def _shown(values: Mapping[str, Any]) -> Shown:
    admin, link, protocol = _value(values, _ADMIN), _value(values, _LINK), _value(values, _PROTOCOL)
    if "autostate" in admin:
        # The NX-OS template files an SVI's line protocol under the administrative state.
        admin, protocol = "", admin.partition(",")[0]
    status = _text(values.get("status"))
    if status.lower().startswith("admin-"):
        admin = status.partition("-")[2]
    reason = _text(values.get("reason"))
    if reason and reason.lower() != "none":
        link = f"{link} ({reason})"
    return Shown(admin, link, "" if _NOT_A_PROTOCOL.match(protocol) else protocol)


def _words(shown: Shown) -> list[str]:
    return [word for word in (shown.admin, shown.link.split(" (")[0], shown.protocol.split(" (")[0]) if word]


def _value(values: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    return next((text for column in columns if (text := _text(values.get(column)))), "")


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(values: Mapping[str, Any], column: str) -> int:
    text = _text(values.get(column))
    return int(text) if text.isdecimal() else 0
