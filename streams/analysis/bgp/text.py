"""BGP neighbours from text: summary tables, neighbour details, VRF overviews."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.bgp.peer import Peer, PeerCount, SessionState, session_state
from streams.analysis.document import Document

_HEADER: Final = re.compile(
    r"^\s*(?P<described>Description\s+)?(?:Neighbh?or|Peer)\s+.*\b(?:AS|ASN)\b.*(?:State|Up/Down|LastUpDn)"
    r"|^\s+AS PktRcvd .*State",
    re.IGNORECASE,
)
_ADDRESS: Final = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+|[A-Za-z][\w./-]*(?:\([\w.-]+\))?)"
_SUMMARY: Final = re.compile(
    rf"^\s*\*?(?P<address>{_ADDRESS})\s+(?:(?P<version>\d)\s+)?(?P<asn>\d+(?:\.\d+)?)\s+(?:\d+|--)\s+(?:\d+|--)\s.*?\s"
    r"(?:[Nn]ever|\d+[dhwy:][\w:]*|\d+(?=\s+(?!Never)[A-Z][a-z]))\s+"
    r"(?P<state>[A-Z][a-z]\w*(?: ?\([\w ]+\))?|\(Policy\)|\d+(?:/\d+)*)(?:\s|$|!)",
)
_DESCRIPTION: Final = re.compile(r"^\s*\S.*?\s{2,}(?=\d{1,3}(?:\.\d{1,3}){3}\s|[0-9a-fA-F]*:[0-9a-fA-F:]+\s)")
_SESSIONS: Final = re.compile(
    rf"^(?P<address>{_ADDRESS})\s+(?P<asn>\d+)\s+\d+\s+\S+\s*\|\S+\s*\|\S+\s+(?P<letter>[IAOECS])\s"
)
_VERSION: Final = re.compile(r"\sV\s")
_LETTERS: Final = {"I": "Idle", "A": "Active", "O": "OpenSent", "E": "Established", "C": "Closed", "S": "Shut"}
_ADDRESS_ONLY: Final = re.compile(rf"^(?P<address>{_ADDRESS})\s*$")
_WRAPPED: Final = re.compile(rf"^\s*\*?{_ADDRESS}(?:\s+\d+){{0,3}}\s*$")
_WRAPPED_ON: Final = re.compile(r"^\s+\d")
_MOST_WRAPPED: Final = 2
_BELOW_ADDRESS: Final = re.compile(
    r"^\s+(?P<asn>\d+)\*?\s+\d+\s+(?:\d+\s+){1,3}\S*\d[dhms]\S*\s+(?P<state>[A-Z]\w+|\d+(?:/\d+)+)(?:\s|$)"
)
_VRF: Final = re.compile(r"\bVRF(?!:? ID\b)[: ]+(?P<vrf>[\w.:/-]*\w)", re.IGNORECASE)
_FAMILY: Final = re.compile(r"^(?P<family>(?:IPv[46]|L2VPN|VPNv[46]) [A-Za-z]+) Summary", re.IGNORECASE)
_NEIGHBOR: Final = re.compile(
    rf"^\s*BGP (?:neighbor|peer) is (?P<address>{_ADDRESS}),?\s+(?:vrf (?P<vrf>\S+?),\s+)?.*remote AS (?P<asn>[\d.]+)"
    rf"|^\s*BGP neighbor is (?P<xr_address>{_ADDRESS})\s*$"
    rf"|^Peer: (?P<junos_address>{_ADDRESS})(?:\+\d+)? AS (?P<junos_asn>\d+)",
    re.IGNORECASE,
)
_NEIGHBOR_VRF: Final = re.compile(r"^\s+(?:BGP version .*VRF|Group: .*Routing-Instance:) (?P<vrf>[\w.-]+)")
_NEIGHBOR_STATE: Final = re.compile(
    r"^\s*(?:BGP (?:current )?state(?: =| is|:)|Type: \w+\s+State:) (?P<state>[A-Za-z]+(?: ?\([\w -]+\))?)"
)
_SHUT: Final = re.compile(r"^\s+Administratively shut down")
_PANOS: Final = re.compile(r"^\s*peer (?P<name>.+?):\s+AS (?P<asn>\d+), (?P<state>\w+), IP (?P<address>[\w.:]+)")
_VRFS_HEADER: Final = re.compile(r"#PeersCfg\s+#PeersEstb")
_VRFS_ROW: Final = re.compile(r"^\s*\S+\s+-?\d+\s+\S+\s+(?P<configured>\d+)\s+(?P<established>\d+)\s+(?P<vrf>\S+)")
_CONFIG_PEERS: Final = re.compile(r"config peers (?P<configured>\d+), capable peers (?P<established>\d+)")


@dataclass(slots=True)
class _Scope:
    """What the headings above a line say about it."""

    vrf: str = ""
    address_family: str = ""
    in_summary: bool = False
    has_rows: bool = False
    has_versions: bool = False
    is_described: bool = False

    def read(self, line: str) -> None:
        """Take over a heading."""
        if header := _HEADER.search(line):
            self.in_summary, self.has_rows = True, False
            self.has_versions, self.is_described = _VERSION.search(line) is not None, header["described"] is not None
        elif not line.strip():
            self.in_summary = self.in_summary and not self.has_rows
        else:
            self.vrf = match["vrf"] if (match := _VRF.search(line)) else self.vrf
            self.address_family = match["family"] if (match := _FAMILY.match(line)) else self.address_family


@dataclass(frozen=True, slots=True)
class _Row:
    """A table's row: the neighbour, and its state as a word."""

    address: str
    asn: str
    shown: str


@dataclass(slots=True)
class _Detail:
    """A neighbour whose state is yet to come below its heading."""

    address: str
    asn: str
    is_shut: bool = False


def peers(document: Document) -> Iterator[Peer]:
    """Yield the neighbours of summary tables and of neighbour details, in order."""
    scope, detail = _Scope(), None
    for number in range(document.first, document.last):
        line = document.lines[number][:300]
        if match := _NEIGHBOR.match(line):
            detail = _opened(match)
            scope.vrf = match["vrf"] or ""
        elif detail and (match := _NEIGHBOR_STATE.match(line)):
            yield from _detailed(document, number, detail, match["state"], scope.vrf)
            detail = None
        elif detail:
            detail.is_shut = detail.is_shut or _SHUT.match(line) is not None
            if match := _NEIGHBOR_VRF.match(line):
                scope.vrf = match["vrf"]
        else:
            yield from _listed(document, number, line, scope)


def _opened(match: re.Match[str]) -> _Detail:
    address = match["address"] or match["xr_address"] or match["junos_address"]
    return _Detail(address, match["asn"] or match["junos_asn"] or "")


def _listed(document: Document, number: int, line: str, scope: _Scope) -> Iterator[Peer]:
    """Yield the neighbour of a table's row, if `line` is one."""
    scope.read(line)
    if match := _PANOS.match(line):
        yield from _peer(document, number, _Row(match["address"], match["asn"], match["state"]), scope)
    elif not scope.in_summary:
        return
    elif row := _summarised(line, scope):
        scope.has_rows = True
        yield from _peer(document, number, row, scope)
    elif match := _SESSIONS.match(line):
        yield from _peer(document, number, _Row(match["address"], match["asn"], _LETTERS[match["letter"]]), scope)
    elif _WRAPPED.match(line):
        yield from _wrapped(document, number, line, scope)


def _summarised(line: str, scope: _Scope) -> _Row | None:
    match = _SUMMARY.match(_DESCRIPTION.sub("", line) if scope.is_described else line)
    if match is None:
        return None
    asn = match["asn"] if scope.has_versions else match["version"] or match["asn"]
    return _Row(match["address"], asn, match["state"])


def _wrapped(document: Document, number: int, line: str, scope: _Scope) -> Iterator[Peer]:
    """Yield the neighbour of a row that is too wide for one line: a long address or AS number ends the first."""
    joined = line
    for below in range(number + 1, min(number + 1 + _MOST_WRAPPED, document.last)):
        if not _WRAPPED_ON.match(document.lines[below]):
            break
        joined = f"{joined.rstrip()} {document.lines[below][:300].strip()}"
        if row := _summarised(joined, scope):
            scope.has_rows = True
            yield from _peer(document, number, row, scope, below)
            return
    if match := _ADDRESS_ONLY.match(line):
        yield from _two_lines(document, number, match["address"], scope)


def _two_lines(document: Document, number: int, address: str, scope: _Scope) -> Iterator[Peer]:
    """Yield the neighbour of SR OS' rows: the address, perhaps a description, then the numbers and the state."""
    for below in range(number + 1, min(number + 3, document.last)):
        match = _BELOW_ADDRESS.match(document.lines[below][:300])
        state = session_state(match["state"]) if match else None
        if match and state is not None:
            quote = None if state is SessionState.ESTABLISHED else document.quote(number, below)
            yield Peer(address, state, match["state"], match["asn"], scope.vrf, scope.address_family, quote)
            return


def _peer(document: Document, number: int, row: _Row, scope: _Scope, last: int | None = None) -> Iterator[Peer]:
    state = session_state(row.shown)
    if state is None:
        return
    quote = None if state is SessionState.ESTABLISHED else document.quote(number, last)
    yield Peer(row.address, state, row.shown, row.asn, scope.vrf, scope.address_family, quote)


def _detailed(document: Document, number: int, neighbor: _Detail, shown: str, vrf: str) -> Iterator[Peer]:
    state = session_state(shown)
    if state is None:
        return
    below = document.lines[number + 1 : min(number + 60, document.last)]
    if state is SessionState.DOWN and (neighbor.is_shut or _shut_before_next(below)):
        state = SessionState.SHUT
    quote = None if state is SessionState.ESTABLISHED else document.quote(number)
    yield Peer(neighbor.address, state, shown, neighbor.asn, vrf, "", quote)


def _shut_before_next(lines: tuple[str, ...]) -> bool:
    for line in lines:
        if _NEIGHBOR.match(line):
            return False
        if _SHUT.match(line):
            return True
    return False


def peer_counts(document: Document) -> Iterator[PeerCount]:
    """Yield the counts of an overview of VRFs, or of a heading that counts capable peers."""
    in_table, vrf = False, "default"
    for number in range(document.first, document.last):
        line = document.lines[number][:300]
        in_table = in_table or _VRFS_HEADER.search(line) is not None
        if scope := _VRF.search(line):
            vrf = scope["vrf"]
        match = (_VRFS_ROW.match(line) if in_table else None) or _CONFIG_PEERS.search(line)
        if match:
            name = match.groupdict().get("vrf") or vrf
            yield PeerCount(name, int(match["configured"]), int(match["established"]), document.quote(number))
