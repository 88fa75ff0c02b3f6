"""Interfaces from the tables of ntc-templates, whichever columns a platform's template has."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from streams.analysis.case import Case
from streams.analysis.interfaces import text_counters
from streams.analysis.interfaces.interface import ErrorCounters, Interface, LinkState, Shown, link_state
from streams.analysis.parsers.parse import Row
from streams.analysis.quoting import quote_count, quote_row

_TEMPLATES: Final = re.compile(r"interface|_port|show_ipv?[46]?_int|show_lag$")
_OTHER_TABLES: Final = re.compile(
    r"ospf|pim|isis|rsvp|mpls|cts|transceiver|switchport|vlan|snmp|queue|capab|breakout|lldp|poe|eigrp|hsrp|bfd"
    r"|running|ntp|vrf_interface|policy|service|track|voice|igmp|helper|dom|monitor|cluster|group|security|power"
    r"|inline|stp|spanning|ldp|aggreg|linkagg|channel|route(?!r_interface$)|dhcp|nve|neighbor|license|portal|port-map|support|xcvr"
    r"|statistics_|_ont|report"
)
_ROUTEROS_TABLES: Final = re.compile(r"^_interface_(?:(?:bonding|ethernet|vlan|bridge)_)?print")
_NAMES: Final = ("interface", "port", "intf", "port_id", "interface_name", "name", "lag_id")
_SPEED: Final = re.compile(r"\(\d+G\)$")
_ADMIN: Final = (
    "admin_status", "admin_state", "link_admin", "admin", "port_admin", "admin_link", "admin_mode", "enabled",
    "interface_status_admin", "adm",
)  # fmt: skip
_LINK: Final = (
    "link_status", "line_status", "link_state", "linkstate", "oper_status", "operational_status",
    "operational_state", "oper_state", "interface_status_oper", "intf_state", "phy", "physical", "intstate",
    "link", "opr", "port_state", "status", "state",
)  # fmt: skip
_PROTOCOL: Final = ("protocol_status", "linep_state", "proto", "proto_state", "protostate", "protocol")
_NOT_A_PROTOCOL: Final = re.compile(r"^(?:-+|none|ipv4|lacp|ldp|eth|unassigned)?$", re.IGNORECASE)
_STATUS_NAMED_ADMIN: Final = frozenset({"cisco_ios_show_ipv6_interface_brief", "aruba_os_show_ipv6_interface_brief"})
# It has the administrative state in its column `proto`, and passes over rows with flags behind the address.
_MISREAD: Final = frozenset({"cisco_nxos_show_ipv6_interface_brief"})
_NO_TIME: Final = re.compile(r"^[0:]+(?: secs?)?$")
_ADMINISTRATIVELY: Final = re.compile(r"\badministratively\b", re.IGNORECASE)
_SVI: Final = re.compile(r"^vlan\d", re.IGNORECASE)
_STATE_SLASH_LINK: Final = re.compile(r"^(?P<state>[uAD])/(?P<link>[uD])$")
_INPUT_ERRORS: Final = (
    "input_errors", "in_errors", "inerrors", "inputerrors", "input_err_num", "rx_errors", "rx_error_frames",
    "errors_in", "errors_rx", "crc", "rx_crc_fcs", "rx_crc_error_frames", "inputcrcerrors", "inputframeerrors",
    "fcs_num", "overrun", "inerrs",
)  # fmt: skip
_OUTPUT_ERRORS: Final = (
    "output_errors", "out_errors", "outerrors", "outputerrors", "output_err_num", "tx_errors", "tx_error_frames",
    "tx_crc_fcs", "errors_out", "errors_tx",
)  # fmt: skip
_ERRORS: Final = frozenset((*_INPUT_ERRORS, *_OUTPUT_ERRORS))
_INPUT_PACKETS: Final = (
    "input_packets", "in_packets", "rx_packets", "packets_in", "rx_total_packets", "inpackets", "inputpacketstotal",
)  # fmt: skip
_OUTPUT_PACKETS: Final = (
    "output_packets", "out_packets", "tx_packets", "packets_out", "tx_total_packets", "outputpacketstotal",
)  # fmt: skip


def is_interface_table(case: Case) -> bool:
    """Whether the output was read by a template for the state of interfaces."""
    if not case.template or case.platform.unix or case.template in _MISREAD:
        return False
    command = case.template.removeprefix(case.platform.ntc)
    if _is_routeros(case):
        return _ROUTEROS_TABLES.search(command) is not None
    return bool(_TEMPLATES.search(command)) and not _OTHER_TABLES.search(command)


def interfaces(case: Case) -> Iterator[Interface]:
    """Yield the interfaces of the table's rows, in order."""
    for row in case.parse.rows:
        name = _name(row)
        shown = _shown_by_flags(row.values) if _is_routeros(case) else _shown(row.values, case.template, name)
        state = link_state(shown)
        if not name or state is None:
            continue
        quote = None
        if state is not LinkState.UP:
            quote = quote_row(case.document, row, name, _words(row.values, shown, state))
            if _ADMINISTRATIVELY.search(quote.text):
                # Some templates pass over the reason that stands beside the state.
                state = LinkState.ADMIN_DOWN
        yield Interface(name, state, str(shown), quote)


def error_counters(case: Case) -> Iterator[ErrorCounters]:
    """Yield the error counters of the rows that have errors; by their lines where no column counts them."""
    rows = case.parse.rows
    if not rows or not _ERRORS.isdisjoint(rows[0].values):
        yield from _counted(case)
        return
    ends = [*(row.first for row in rows[1:]), case.document.last]
    for row, end in zip(rows, ends, strict=True):
        yield from text_counters.error_counters_between(case.document, _name(row), row.first, end)


def _counted(case: Case) -> Iterator[ErrorCounters]:
    for row in case.parse.rows:
        name = _name(row)
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


def _is_routeros(case: Case) -> bool:
    return case.platform.ntc == "mikrotik_routeros"


def _name(row: Row) -> str:
    """Return the interface's name without the speed that VRP appends: `GigabitEthernet8/1/16(10G)`."""
    return _SPEED.sub("", _value(row.values, _NAMES))


def _shown_by_flags(values: Mapping[str, Any]) -> Shown:
    """Read RouterOS' flags: `X - disabled, R - running`, blank for neither."""
    if "status" not in values:
        return Shown()
    status = _text(values["status"])
    return Shown("disabled" if "X" in status else "enabled", "running" if "R" in status else "down")


def _shown(values: Mapping[str, Any], template: str, name: str) -> Shown:
    admin, link, protocol = _value(values, _ADMIN), _value(values, _LINK), _value(values, _PROTOCOL)
    if _files_protocol_as_admin(template, name):
        admin, protocol = "", admin.partition(",")[0]
    elif template in _STATUS_NAMED_ADMIN:
        admin, link = "", admin
    elif template == "allied_telesis_awplus_show_interface":
        # Its column `protocol_status` is what follows `administrative state is`.
        admin, protocol = protocol, ""
    pair = _value(values, ("interface_status_admin_oper",))
    if "/" in pair:
        admin, _, link = pair.partition("/")
    status = _text(values.get("status"))
    if status.lower().startswith("admin-"):
        admin = status.partition("-")[2]
    if match := _STATE_SLASH_LINK.match(status):
        return _of_letters(match["state"], match["link"])
    if "oper_state_v4" in values:
        link = _of_families(_text(values["oper_state_v4"]), _text(values.get("oper_state_v6")))
    if template == "cisco_ios_show_interface_link":
        link = "up" if _NO_TIME.match(_text(values.get("downtime"))) else "not connected"
    state = _text(values.get("state"))
    if state in {"u", "A", "D"} and link in {"u", "D"}:
        return _of_letters(state, link)
    if state in {"on", "off"}:
        admin = state
    reason = _text(values.get("reason"))
    if reason and reason.lower() != "none":
        link = f"{link} ({reason})"
    return Shown(admin, link, "" if _NOT_A_PROTOCOL.match(protocol) else protocol)


def _files_protocol_as_admin(template: str, name: str) -> bool:
    """Whether a template has the line protocol in its column `admin_state`: IOS XR's, and NX-OS' for SVIs."""
    return template == "cisco_xr_show_interfaces" or (
        template == "cisco_nxos_show_interface" and _SVI.match(name) is not None
    )


def _of_families(ipv4: str, ipv6: str) -> str:
    """Return the state of SR OS' interfaces, which work if one address family does: the other may be unused."""
    return next((state for state in (ipv4, ipv6) if state.lower() == "up"), ipv4)


def _of_letters(state: str, link: str) -> Shown:
    """Read VyOS' column S/L: `u` up, `D` down, `A` administratively down."""
    return Shown("up" if state == "u" else "down", "up" if link == "u" else "down")


def _words(values: Mapping[str, Any], shown: Shown, state: LinkState) -> list[str]:
    """Return the words that decide: the administrative state only if it is why the interface is down."""
    admin = shown.admin if state is LinkState.ADMIN_DOWN else ""
    words = [word for word in (admin, shown.link.split(" (")[0], shown.protocol.split(" (")[0]) if word]
    return [*words, _text(values.get("status"))]


def _value(values: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    return next((text for column in columns if (text := _text(values.get(column)))), "")


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(values: Mapping[str, Any], column: str) -> int:
    text = _text(values.get(column))
    return int(text) if text.isdecimal() else 0
