"""BGP neighbours from the tables of ntc-templates."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from streams.analysis.bgp.peer import Peer, SessionState, session_state
from streams.analysis.case import Case
from streams.analysis.quoting import quote_row

_TEMPLATES: Final = re.compile(r"_bgp.*(?:summary|neighbo|peer)|_bgp_peer")
_ROUTES: Final = re.compile(r"routes?(?![a-z])")
_NEIGHBORS: Final = (
    "bgp_neigh", "bgp_neighbor", "neighbor", "neighbour", "peer", "peer_ip", "remote_address", "remote_ip",
    "neighbor_id",
)  # fmt: skip
_STATES: Final = (
    "state", "bgp_state", "state_pfxrcd", "state_or_prefixes_received", "state_prefix_received", "state_pfxacc",
    "status", "rcv",
)  # fmt: skip
_NUMBERS: Final = ("neigh_as", "neighbor_as", "remote_as", "peer_as", "remote_asn", "asn", "as")
_VRFS: Final = ("vrf", "vpn_instance", "virtual_router", "instance_name")
_FAMILIES: Final = ("address_family", "af", "addr_family", "afi")


def is_neighbor_table(case: Case) -> bool:
    """Whether the output was read by a template for BGP neighbours."""
    command = case.template.removeprefix(case.platform.ntc)
    return bool(_TEMPLATES.search(command)) and not _ROUTES.search(command)


def peers(case: Case) -> Iterator[Peer]:
    """Yield the neighbours of the table's rows, in order."""
    for row in case.parse.rows:
        address, shown = _value(row.values, _NEIGHBORS), _value(row.values, _STATES)
        state = session_state(shown)
        if _value(row.values, ("admin_status",)).lower() == "down":
            state, shown = SessionState.SHUT, f"{shown} (Admin)"
        if not address or state is None:
            continue
        quote = None
        if state is not SessionState.ESTABLISHED:
            quote = quote_row(case.document, row, address, [shown])
        yield Peer(
            address=address,
            state=state,
            shown=shown,
            asn=_value(row.values, _NUMBERS),
            vrf=_value(row.values, _VRFS),
            address_family=_value(row.values, _FAMILIES),
            quote=quote,
        )


def _value(values: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    texts = (values.get(column) for column in columns)
    return next((text.strip() for text in texts if isinstance(text, str) and text.strip()), "")
