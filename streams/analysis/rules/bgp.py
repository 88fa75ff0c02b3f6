"""BGP sessions that are configured and do not stand."""

from collections.abc import Iterable, Iterator
from typing import Final

from streams.analysis.bgp import json_members, rows, text
from streams.analysis.bgp.peer import Peer, PeerCount, SessionState
from streams.analysis.case import Case
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule


def _read(case: Case) -> Reading:
    peers = _peers(case)
    if peers:
        return _of_peers(peers, case)
    counts = list(json_members.peer_counts(case) if case.parse.parser == "json" else text.peer_counts(case.document))
    return _of_counts(counts) if counts else NOTHING_READ


def _peers(case: Case) -> list[Peer]:
    if case.parse.parser == "json":
        return list(json_members.peers(case))
    found = list(rows.peers(case)) if rows.is_neighbor_table(case) else []
    known = {peer.address for peer in found}
    return [*found, *(peer for peer in text.peers(case.document) if peer.address not in known)]


def _of_peers(peers: list[Peer], case: Case) -> Reading:
    established = sum(peer.state is SessionState.ESTABLISHED for peer in peers)
    return Reading(
        tuple(_down(peers)),
        {"peers": str(len(peers)), "peers_established": str(established)},
        f"{established} of {len(peers)} BGP sessions established",
        complete=case.command.only_mentions(_ABOUT_BGP),
    )


def _down(peers: Iterable[Peer]) -> Iterator[Finding]:
    for peer in peers:
        if peer.quote is None:
            continue
        severity = Severity.INFO if peer.state is SessionState.SHUT else Severity.CRITICAL
        facts = {"state": peer.shown, "as": peer.asn, "vrf": peer.vrf, "address_family": peer.address_family}
        shown = {name: value for name, value in facts.items() if value}
        yield Finding.quoting(peer.quote, "bgp.session_down", severity, peer.address, shown)


def _of_counts(counts: list[PeerCount]) -> Reading:
    configured = sum(count.configured for count in counts)
    established = sum(count.established for count in counts)
    return Reading(
        tuple(_missing(counts)),
        {"peers": str(configured), "peers_established": str(established)},
        f"{established} of {configured} BGP sessions established",
        complete=True,
    )


def _missing(counts: Iterable[PeerCount]) -> Iterator[Finding]:
    """Yield one finding a VRF, for the first of its counts that falls short."""
    reported: set[str] = set()
    for count in counts:
        if count.established >= count.configured or count.vrf in reported:
            continue
        reported.add(count.vrf)
        facts = {"peers": str(count.configured), "peers_established": str(count.established), "vrf": count.vrf}
        yield Finding.quoting(count.quote, "bgp.session_down", Severity.CRITICAL, f"VRF {count.vrf}", facts)


_ABOUT_BGP: Final = r"\bbgp(?:ctl)?\b"
FAMILY: Final = Family(
    name="bgp",
    about=_ABOUT_BGP,
    rules=(
        Rule(
            kind="bgp.session_down",
            severities=(Severity.INFO, Severity.CRITICAL),
            threshold="configured and not Established; info if administratively shut",
            platforms="all network systems",
            description="A BGP neighbour is configured, and its session does not stand.",
            phrase="BGP session with {subject} is not established",
            example=Example(
                "ios",
                "show ip bgp summary",
                "BGP router identifier 10.0.0.1, local AS number 65001\n"
                "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n"
                "10.0.0.2        4        65002       0       0        1    0    0 never    Idle\n",
            ),
        ),
    ),
    read=_read,
)
