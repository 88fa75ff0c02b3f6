"""A BGP neighbour as an output shows it."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from streams.analysis.finding import Excerpt


class SessionState(Enum):
    """Whether a session stands, and if not, whether somebody shut it."""

    ESTABLISHED = "established"
    DOWN = "down"
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class Peer:
    """One neighbour row; `quote` proves a state other than ESTABLISHED."""

    address: str
    state: SessionState
    shown: str
    asn: str = ""
    vrf: str = ""
    address_family: str = ""
    quote: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class PeerCount:
    """How many neighbours of a VRF are configured and established, where only that is shown."""

    vrf: str
    configured: int
    established: int
    quote: Excerpt


_SHUT: Final = re.compile(r"admin|shut", re.IGNORECASE)
_DOWN: Final = re.compile(r"^(?:idle|active|connect|open ?sent|open ?confirm|down|closed)", re.IGNORECASE)
_ESTABLISHED: Final = re.compile(r"^(?:estab|up$|\d|\(policy\))", re.IGNORECASE)


def session_state(word: str) -> SessionState | None:
    """Return what a state column says: a state's name, or the count of prefixes that stands for Established.

    None for anything that is neither, such as the header's own words.
    """
    if _ESTABLISHED.match(word):
        return SessionState.ESTABLISHED
    if _SHUT.search(word):
        return SessionState.SHUT
    return SessionState.DOWN if _DOWN.match(word) else None
