"""BGP neighbours from JSON answers: EOS, NX-OS, Junos, PAN-OS, FRR."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from streams.analysis.bgp.peer import Peer, PeerCount, SessionState, session_state
from streams.analysis.case import Case
from streams.analysis.json_records import Path, Record, records
from streams.analysis.quoting import quote_members

_NEIGHBORS: Final = (
    "peerAddress", "neighborid", "neighbor", "peer-address", "bgpNeighborAddr", "remoteAddress", "@peer",
    "neighborAddr",
)  # fmt: skip
_STATES: Final = ("bgpState", "peer-state", "state", "peerState", "status")
_SHUT: Final = ("adminShutDown", "nbrAdminShutDown", "peerStateIdleReason", "adminState", "peerState")
_NUMBERS: Final = ("asn", "peerAs", "remoteAs", "neighboras", "remoteas", "peer-as", "remote-as")
_VRFS: Final = ("vrf", "vrfName", "vrf-name-out", "vrfNameOut", "peer-cfg-rti", "@vr")
_FAMILIES: Final = ("af-name", "afName")
_CONFIGURED: Final = ("configuredpeers", "peerCount", "totalPeers", "peer-count")
_ESTABLISHED: Final = ("capablepeers", "establishedPeers", "peersEstablished")
_FAILED: Final = ("failedPeers", "down-peer-count")
_NAMED_BY_KEY: Final = frozenset({"peers", "neighbors"})


def peers(case: Case) -> Iterator[Peer]:
    """Yield the neighbours of a JSON answer, in order."""
    found: list[tuple[Peer, tuple[Path, Path]]] = []
    scopes: list[Record] = []
    for record in records(case.parse.data):
        scopes = [*(scope for scope in scopes if record.path[: len(scope.path)] == scope.path), record]
        if record.lacks(_STATES):
            continue
        state_key, address_key = record.name_of(*_STATES), record.name_of(*_NEIGHBORS)
        state = session_state(record.text(state_key)) if state_key else None
        named_by_key = state_key == "bgpState" or (len(record.path) > 1 and record.path[-2] in _NAMED_BY_KEY)
        if state is None or not (address_key or named_by_key):
            continue
        if _is_shut(record):
            state = SessionState.SHUT
        address = record.text(address_key)
        if address in {"", "none"}:
            address = record.key
        state_path = (*record.path, state_key)
        name_path = (*record.path, address_key) if address_key else state_path
        found.append((_peer(record, scopes, _plain_address(address), state, state_key), (name_path, state_path)))
    yield from _quoted(case, found)


def _peer(record: Record, scopes: list[Record], address: str, state: SessionState, state_key: str) -> Peer:
    return Peer(
        address=address,
        state=state,
        shown=record.text(state_key),
        asn=record.text(*_NUMBERS),
        vrf=_inherited(scopes, _VRFS) or _key_below(record, "vrfs"),
        address_family=_inherited(scopes, _FAMILIES),
    )


def _quoted(case: Case, found: list[tuple[Peer, tuple[Path, Path]]]) -> Iterator[Peer]:
    wanted = [paths for peer, paths in found if peer.state is not SessionState.ESTABLISHED]
    quotes = iter(quote_members(case.document, wanted)) if wanted else iter(())
    for peer, _ in found:
        yield peer if peer.state is SessionState.ESTABLISHED else replace(peer, quote=next(quotes))


def _is_shut(record: Record) -> bool:
    return any("true" in (word := record.text(name).lower()) or "admin" in word for name in _SHUT)


def _inherited(scopes: list[Record], names: tuple[str, ...]) -> str:
    """Return a member of the record or of the nearest object around it that has one."""
    return next((text for scope in reversed(scopes) if (text := scope.text(*names))), "")


def _key_below(record: Record, container: str) -> str:
    for outer, inner in zip(record.path, record.path[1:], strict=False):
        if outer == container and isinstance(inner, str):
            return inner
    return ""


def _plain_address(address: str) -> str:
    """Drop the port that Junos (`10.0.0.1+179`) and PAN-OS (`10.0.0.1:179`) append."""
    address = address.partition("+")[0]
    head, _, port = address.rpartition(":")
    return head if port.isdecimal() and head.count(".") == 3 else address


def peer_counts(case: Case) -> Iterator[PeerCount]:
    """Yield the counts of objects that count neighbours; for answers that list none."""
    scopes: list[Record] = []
    for record in records(case.parse.data):
        scopes = [*(scope for scope in scopes if record.path[: len(scope.path)] == scope.path), record]
        if record.lacks(_CONFIGURED):
            continue
        configured_key = record.name_of(*_CONFIGURED)
        decisive_key = record.name_of(*_ESTABLISHED, *_FAILED)
        configured, decisive = record.text(configured_key), record.text(decisive_key)
        if not (configured.isdecimal() and decisive.isdecimal()):
            continue
        established = int(configured) - int(decisive) if decisive_key in _FAILED else int(decisive)
        paths = ((*record.path, configured_key), (*record.path, decisive_key))
        yield PeerCount(
            vrf=_inherited(scopes, _VRFS) or _key_below(record, "vrfs") or "default",
            configured=int(configured),
            established=established,
            quote=quote_members(case.document, [paths])[0],
        )
