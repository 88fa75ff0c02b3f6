"""An interface as an output shows it, and what its words mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from streams.analysis.finding import Excerpt


class LinkState(Enum):
    """Whether an interface works, and if not, whether somebody wants it to."""

    UP = "up"
    DOWN = "down"
    ADMIN_DOWN = "administratively down"
    UNPLUGGED = "not connected"


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface: its state and the words that say so. `quote` proves a state other than UP."""

    name: str
    state: LinkState
    shown: str
    quote: Excerpt | None = None


_WORST_FIRST: Final = (LinkState.DOWN, LinkState.UNPLUGGED, LinkState.ADMIN_DOWN, LinkState.UP)


def worst_by_name(interfaces: Iterable[Interface]) -> list[Interface]:
    """Return one interface a name, in the order of their first mention; listed twice, its worst state counts."""
    worst: dict[str, Interface] = {}
    for interface in interfaces:
        known = worst.get(interface.name)
        if known is None or _WORST_FIRST.index(interface.state) < _WORST_FIRST.index(known.state):
            worst[interface.name] = interface
    return list(worst.values())


@dataclass(frozen=True, slots=True)
class ErrorCounters:
    """An interface's error counters; packet counts are 0 where the output does not show them."""

    name: str
    input_errors: int
    output_errors: int
    input_packets: int
    output_packets: int
    quote: Excerpt | None = None

    @property
    def percent(self) -> float:
        """The worse direction's share of broken packets, 0 where packets are not counted."""
        return max(_share(self.input_errors, self.input_packets), _share(self.output_errors, self.output_packets))


@dataclass(frozen=True, slots=True)
class Shown:
    """The words that an output uses for an interface: administrative state, link, line protocol."""

    admin: str = ""
    link: str = ""
    protocol: str = ""

    def __str__(self) -> str:
        """Return the words as a reader expects them: link/protocol."""
        return "/".join(word for word in (self.link or self.admin, self.protocol) if word)


_ADMIN_DOWN: Final = re.compile(
    r"admin(?:istratively)?[ -]?(?:down|dn)|admin\.?shut|\badm(?:dn)?\b|admdown|^\*down"
    r"|^(?:disabled?|dis|shutdown|shut|admin)$|^disabled with|\(adm\)|\(power-?down\)|\( ?administratively ?\)"
)
_OFF: Final = re.compile(r"^(?:down|dn|dwn|d|no|disabled?|dis|false|off|shutdown)\b")
_BROKEN: Final = re.compile(
    r"err(?:or)?[- ]?dis|^susp|bpdu|^faulty|flap|channeldo|inval|udld|nooper|err-?vlan|peerl|^hwfail"
)
_UNPLUGGED: Final = re.compile(
    r"not ?connec|^inactive|xcvr|sfp|not ?present|absent|no ?(?:link|transceiver)|\(nc\)|unplugged"
)
_DOWN: Final = re.compile(
    r"^[\^!]?(?:down|dn|dwn|d|no)\b|lower ?-?layer ?-?down|(?:link|protocol|stp)[- ]down|no-carrier"
)
_SUFFIX: Final = re.compile(r"\s*\(.*")


def link_state(shown: Shown) -> LinkState | None:
    """Return what the words mean; None if they say nothing about a link.

    `is down, line protocol is down` without `administratively` counts as administratively up, whatever
    suffix explains it.
    """
    admin, link, protocol = (word.strip().lower() for word in (shown.admin, shown.link, shown.protocol))
    if not (admin or link or protocol):
        return None
    if _OFF.match(admin) or any(_ADMIN_DOWN.search(word) for word in (admin, link, _SUFFIX.sub("", protocol))):
        return LinkState.ADMIN_DOWN
    if _BROKEN.search(link) or _BROKEN.search(protocol):
        return LinkState.DOWN
    both_down = bool(protocol) and _DOWN.search(link) is not None
    if _UNPLUGGED.search(link) and not admin and not both_down:
        return LinkState.DOWN if _DOWN.search(protocol) else LinkState.UNPLUGGED
    down = any(_DOWN.search(word) or _UNPLUGGED.search(_SUFFIX.sub("", word)) for word in (link, protocol))
    return LinkState.DOWN if down else LinkState.UP


def _share(errors: int, packets: int) -> float:
    return 100 * errors / packets if packets else 0.0
