"""Interfaces from JSON answers: EOS, NX-OS, Junos, PAN-OS, FRR, Cumulus, Onyx, iproute2."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from streams.analysis.case import Case
from streams.analysis.interfaces.interface import ErrorCounters, Interface, LinkState, Shown, link_state
from streams.analysis.json_records import Path, Record, records
from streams.analysis.quoting import quote_members

_NAMES: Final = (
    "interface", "intf-name", "ifname", "interfaceName", "if-name", "name", "port", "port-channel", "header",
)  # fmt: skip
_ADMIN: Final = (
    "admin-status", "admin_state", "admin-state", "adminState", "administrativeStatus", "svi_admin_state",
    "Admin state",
)  # fmt: skip
_LINK: Final = (
    "oper-status", "link-state", "interfaceStatus", "linkStatus", "operationalStatus", "operstate", "linkstate",
    "svi_line_proto", "if-state", "state", "svi_admin_state", "Operational state", "State", "port-status", "status",
)  # fmt: skip
_REASONS: Final = ("state_rsn_desc", "svi_rsn_desc")
_PROTOCOL: Final = ("lineProtocolStatus", "proto-state")
_COMPANIONS: Final = {
    "": frozenset[str](),
    "state": frozenset(
        {"state_rsn_desc", "portmode", "speed", "mtu", "eth_mtu", "mac", "duplex", "admin_state", "interface"}
    ),
    "State": frozenset({"Description"}),
    "status": frozenset({"port-channel"}),
}
_FLAGS: Final = {"D": "down", "s": "suspended"}
_INPUT_ERRORS: Final = ("totalInErrors", "inErrors", "eth_inerr", "input-errors", "rx-errs", "in_errors")
_OUTPUT_ERRORS: Final = ("totalOutErrors", "outErrors", "eth_outerr", "output-errors", "tx-errs", "out_errors")
_INPUT_PACKETS: Final = ("inTotalPkts", "inUcastPkts", "eth_inpkts", "rx-packets", "input-packets")
_OUTPUT_PACKETS: Final = ("outTotalPkts", "outUcastPkts", "eth_outpkts", "tx-packets", "output-packets")
_COUNTERS: Final = frozenset((*_INPUT_ERRORS, *_OUTPUT_ERRORS, *_INPUT_PACKETS, *_OUTPUT_PACKETS, "errors"))
_DIRECTIONS: Final = {"rx": "input", "tx": "output"}


@dataclass(frozen=True, slots=True)
class _Located:
    name: Path
    state: Path


def interfaces(case: Case) -> Iterator[Interface]:
    """Yield the interfaces of a JSON answer, in order."""
    found: list[tuple[Interface, _Located]] = []
    for record in records(case.parse.data):
        if record.lacks(_LINK) and record.lacks(("flags",)):
            continue
        name_key = record.name_of(*_NAMES)
        shown = _shown(record)
        state = link_state(shown) if shown else None
        if state is None or shown is None:
            continue
        name = record.text(name_key) if name_key else record.key
        state_key = _deciding_member(record, state)
        located = _Located((*record.path, name_key or state_key), (*record.path, state_key))
        found.append((Interface(name, state, str(shown)), located))
    yield from _quoted(case, found)


def _quoted(case: Case, found: list[tuple[Interface, _Located]]) -> Iterator[Interface]:
    wanted = [(each.name, each.state) for interface, each in found if interface.state is not LinkState.UP]
    quotes = iter(quote_members(case.document, wanted)) if wanted else iter(())
    for interface, _ in found:
        yield interface if interface.state is LinkState.UP else replace(interface, quote=next(quotes))


def _shown(record: Record) -> Shown | None:
    flags = record.members.get("flags")
    if isinstance(flags, list) and "operstate" in record.members:
        return _from_flags([str(flag) for flag in flags], record.text("operstate"))
    if record.lacks(_LINK):
        return None
    link_key = record.name_of(*_LINK)
    if record.members.keys().isdisjoint(_COMPANIONS.get(link_key, record.members)):
        return None
    reason = record.text(*_REASONS)
    word = record.text(link_key)
    link = _FLAGS.get(word, word) + (f" ({reason})" if reason and reason != "none" else "")
    # NX-OS' brief table has an SVI's whole state in `svi_admin_state`, and why beside it.
    admin = "" if link_key == "svi_admin_state" else record.text(*_ADMIN)
    return Shown(admin, link, record.text(*_PROTOCOL))


def _from_flags(flags: list[str], operstate: str) -> Shown:
    if "UP" not in flags:
        return Shown(admin="down", link=operstate.lower())
    return Shown(admin="up", link="no-carrier" if "NO-CARRIER" in flags else operstate.lower())


def _deciding_member(record: Record, state: LinkState) -> str:
    """Return the member that shows the state best: the administrative one for ADMIN_DOWN."""
    admin, link, reason = record.name_of(*_ADMIN), record.name_of(*_LINK), record.name_of(*_REASONS)
    if state is LinkState.ADMIN_DOWN and admin and not reason:
        return admin
    return reason if reason and state is not LinkState.DOWN else link or "flags"


def error_counters(case: Case) -> Iterator[ErrorCounters]:
    """Yield the counters with errors, each for the interface named last before them."""
    name, packets = "interface", (0, 0)
    found: list[tuple[ErrorCounters, tuple[Path, Path]]] = []
    for record in records(case.parse.data):
        if _names_interface(record):
            name, packets = record.text(*_NAMES) or record.key, (0, 0)
        if record.lacks(_COUNTERS):
            continue
        counters = _direction(record, name) or _both_directions(record, name)
        packets = (counters.input_packets or packets[0], counters.output_packets or packets[1])
        if not counters.input_errors + counters.output_errors:
            continue
        counters = replace(counters, input_packets=packets[0], output_packets=packets[1])
        path = (*record.path, _error_member(record, counters))
        found.append((counters, (path, path)))
    quotes = quote_members(case.document, [paths for _, paths in found]) if found else []
    for (counters, _), quote in zip(found, quotes, strict=True):
        yield replace(counters, quote=quote)


def _names_interface(record: Record) -> bool:
    if _shown(record) is not None:
        return True
    return record.key not in {"", "interfaceCounters"} and bool(record.name_of("inErrors", "inUcastPkts"))


def _direction(record: Record, name: str) -> ErrorCounters | None:
    """Return iproute2's counters of one direction: `"rx": {"packets": 1, "errors": 0}`."""
    direction = _DIRECTIONS.get(record.key)
    if direction is None or "errors" not in record.members:
        return None
    errors, packets = _number(record, ("errors",)), _number(record, ("packets",))
    if direction == "input":
        return ErrorCounters(name, errors, 0, packets, 0)
    return ErrorCounters(name, 0, errors, 0, packets)


def _both_directions(record: Record, name: str) -> ErrorCounters:
    return ErrorCounters(
        name,
        _number(record, _INPUT_ERRORS),
        _number(record, _OUTPUT_ERRORS),
        _number(record, _INPUT_PACKETS),
        _number(record, _OUTPUT_PACKETS),
    )


def _error_member(record: Record, counters: ErrorCounters) -> str:
    if record.key in _DIRECTIONS:
        return "errors"
    return record.name_of(*(_INPUT_ERRORS if counters.input_errors else _OUTPUT_ERRORS))


def _number(record: Record, names: tuple[str, ...]) -> int:
    text = record.text(*names)
    return int(text) if text.isdecimal() else 0
