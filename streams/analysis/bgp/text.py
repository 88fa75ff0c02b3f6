"""BGP neighbours from text: summary tables, neighbour details, VRF overviews."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.bgp.peer import Peer, PeerCount, SessionState, session_state
from streams.analysis.document import Document

_HEADER: Final = re.compile(r"^\s*(?:Neighbor|Peer)\s+.*\bAS\b.*(?:State|Up/Down)", re.IGNORECASE)
_ADDRESS: Final = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+|[A-Za-z][\w./-]*(?:\([\w.-]+\))?)"
_SUMMARY: Final = re.compile(
    rf"^\s*\*?(?P<address>{_ADDRESS})\s+(?:\d\s+)?(?P<asn>\d+(?:\.\d+)?)\s+\d+\s+\d+\s.*?\s"
    r"(?:never|\d+[dhwy:][\w:]*)\s+(?P<state>[A-Z][a-z]\w*(?: ?\([\w ]+\))?|\d+)(?:\s|$)",
)
_SCOPE: Final = re.compile(
    r"\bVRF(?!:? ID\b)[: ]+(?P<vrf>[\w.:/-]*\w)|^(?P<family>(?:IPv[46]|L2VPN|VPNv[46]) [A-Za-z]+) Summary",
    re.IGNORECASE,
)
_NEIGHBOR: Final = re.compile(
    rf"^\s*BGP neighbor is (?P<address>{_ADDRESS}),?\s+(?:vrf (?P<vrf>\S+?),\s+)?.*remote AS (?P<asn>[\d.]+)"
)
_NEIGHBOR_VRF: Final = re.compile(r"^\s+BGP version .*VRF (?P<vrf>[\w.-]+)")
_NEIGHBOR_STATE: Final = re.compile(r"^\s*BGP state (?:=|is) (?P<state>[A-Za-z]+(?: ?\([\w ]+\))?)")
_SHUT: Final = re.compile(r"^\s+Administratively shut down")
_VRFS_HEADER: Final = re.compile(r"#PeersCfg\s+#PeersEstb")
_VRFS_ROW: Final = re.compile(r"^\s*\S+\s+-?\d+\s+\S+\s+(?P<configured>\d+)\s+(?P<established>\d+)\s+(?P<vrf>\S+)")
_CONFIG_PEERS: Final = re.compile(r"config peers (?P<configured>\d+), capable peers (?P<established>\d+)")


@dataclass(slots=True)
class _Scope:
    """What the headings above a line say about it."""

    vrf: str = ""
    address_family: str = ""
    in_summary: bool = False

    def read(self, line: str) -> None:
        """Take over a heading."""
        if _HEADER.search(line):
            self.in_summary = True
        elif match := _SCOPE.search(line):
            self.vrf = match["vrf"] or self.vrf
            self.address_family = match["family"] or self.address_family
        elif not line.strip():
            self.in_summary = False


def peers(document: Document) -> Iterator[Peer]:
    """Yield the neighbours of summary tables and of neighbour details, in order."""
    scope, detail = _Scope(), None
    for number in range(document.first, document.last):
        line = document.lines[number][:300]
        if match := _NEIGHBOR.match(line):
            detail = match
            scope.vrf = match["vrf"] or ""
        elif detail and (match := _NEIGHBOR_VRF.match(line)):
            scope.vrf = match["vrf"]
        elif detail and (match := _NEIGHBOR_STATE.match(line)):
            yield from _detailed(document, number, detail, match["state"], scope.vrf)
            detail = None
        elif not detail:
            scope.read(line)
            if scope.in_summary and (match := _SUMMARY.match(line)):
                yield from _summarised(document, number, match, scope)


def _summarised(document: Document, number: int, match: re.Match[str], scope: _Scope) -> Iterator[Peer]:
    state = session_state(match["state"])
    if state is None:
        return
    quote = None if state is SessionState.ESTABLISHED else document.quote(number)
    address = match["address"]
    yield Peer(address, state, match["state"], match["asn"], scope.vrf, scope.address_family, quote)


def _detailed(document: Document, number: int, neighbor: re.Match[str], shown: str, vrf: str) -> Iterator[Peer]:
    state = session_state(shown)
    if state is None:
        return
    below = document.lines[number + 1 : min(number + 60, document.last)]
    if state is SessionState.DOWN and _shut_before_next(below):
        state = SessionState.SHUT
    quote = None if state is SessionState.ESTABLISHED else document.quote(number)
    yield Peer(neighbor["address"], state, shown, neighbor["asn"], vrf, "", quote)


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
        if scope := _SCOPE.search(line):
            vrf = scope["vrf"] or vrf
        match = (_VRFS_ROW.match(line) if in_table else None) or _CONFIG_PEERS.search(line)
        if match:
            name = match.groupdict().get("vrf") or vrf
            yield PeerCount(name, int(match["configured"]), int(match["established"]), document.quote(number))
