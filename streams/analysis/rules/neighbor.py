"""ARP and neighbour discovery: entries that never got an answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.case import Case
from streams.analysis.finding import Excerpt, Finding, Severity
from streams.analysis.json_records import Path, Record, records
from streams.analysis.quoting import quote_members
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_ABOUT_NEIGHBORS: Final = r"\barp\b|\biparp\b|\barpentry\b|\bneigh|\bndp?\b|\bip (?:-\S+ )*n(?:ei?)?(?: |$)"
_ABOUT_OTHERS: Final = r"lldp|cdp|ospf|bgp|isis|pim|eigrp|ldp|rsvp|bfd|inspection|^/?ip neighbor print"
_ADDRESS: Final = r"(?:\d{1,3}(?:\.\d{1,3}){3}|(?=\S*::|(?:[0-9a-fA-F]+:){7})[0-9a-fA-F:.]+)"
_ENTRY: Final = re.compile(
    rf"^\s*(?!Interface:)(?:\S+\s+){{0,3}}?\(?(?:address=)?(?P<address>{_ADDRESS})\)?(?:%\S+)?(?:\s+(?P<rest>.*))?$"
)
_UNREACHABLE: Final = re.compile(r"\b(?:FAILED|INCOMPLETE|INCO?MPL?)\b|\(incomplete\)|<incomplete>", re.IGNORECASE)
_STATE_BELOW: Final = re.compile(r"\bState\s*:\s*(?:FAILED|INCOMPLETE|INCO?MPL?)\b", re.IGNORECASE)
_ADDRESS_KEYS: Final = (
    "dst", "address", "ip-address", "ipAddress", "ip-addr-out", "ip-addr", "ipv6-addr", "ip",
    "ipv6-nd-neighbor-address",
)  # fmt: skip
_STATE_KEYS: Final = (
    "state", "mac", "hwAddress", "mac-address", "status", "ipv6-nd-state", "neighborState",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Entries:
    total: int
    unreachable: list[str]
    quote: Excerpt | None


def _read(case: Case) -> Reading:
    if case.command.mentions(_ABOUT_OTHERS):
        return NOTHING_READ
    entries = _from_json(case) if case.parse.parser == "json" else _from_lines(case)
    if not entries.total:
        return NOTHING_READ
    count = str(len(entries.unreachable))
    facts = {"neighbors": str(entries.total), "neighbors_unreachable": count}
    reachable = entries.total - len(entries.unreachable)
    headline = f"{reachable} of {entries.total} neighbour entries resolved"
    return Reading(tuple(_finding(entries)), facts, headline, complete=case.command.only_mentions(_ABOUT_NEIGHBORS))


def _finding(entries: _Entries) -> Iterator[Finding]:
    if entries.quote is None:
        return
    facts = {"count": str(len(entries.unreachable)), "entries": str(entries.total)}
    yield Finding.quoting(entries.quote, "neighbor.unreachable", Severity.WARNING, entries.unreachable[0], facts)


def _from_lines(case: Case) -> _Entries:
    document = case.document
    total, unreachable, quote = 0, list[str](), None
    named: tuple[int, str] | None = None
    for number in range(document.first, document.last):
        line = document.lines[number][:300]
        if match := _ENTRY.match(line):
            total += 1
            named = (number, match["address"])
            failed = _UNREACHABLE.search(match["rest"] or "") is not None
        else:
            failed = named is not None and _STATE_BELOW.search(line) is not None
        if failed and named:
            unreachable.append(named[1])
            quote = quote or document.quote(named[0], number)
            named = None
    return _Entries(total, unreachable, quote)


def _from_json(case: Case) -> _Entries:
    total, unreachable = 0, list[tuple[str, tuple[Path, Path]]]()
    for record in records(case.parse.data):
        if record.lacks(_ADDRESS_KEYS):
            continue
        address_key = record.name_of(*_ADDRESS_KEYS)
        state_keys = [name for name in (*_STATE_KEYS, "incomplete") if _words(record, name)]
        if not address_key or not state_keys:
            continue
        total += 1
        bad = _unresolved(record, state_keys)
        if bad:
            paths = ((*record.path, address_key), (*record.path, bad))
            unreachable.append((record.text(address_key), paths))
    quotes = quote_members(case.document, [unreachable[0][1]]) if unreachable else [None]
    return _Entries(total, [address for address, _ in unreachable], quotes[0])


def _unresolved(record: Record, state_keys: list[str]) -> str:
    """Return the member that says so if the entry is unresolved, else "".

    NX-OS has a member `incomplete`, PAN-OS the letter `i` beside a `ttl`.
    """
    if record.text("incomplete").lower() == "true":
        return "incomplete"
    if "ttl" in record.members and record.text("status") == "i":
        return "status"
    return next((name for name in state_keys if _UNREACHABLE.search(_words(record, name))), "")


def _words(record: Record, name: str) -> str:
    """Return a member's text; iproute2 gives states as a list."""
    value = record.members.get(name)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return " ".join(value)
    return record.text(name)


FAMILY: Final = Family(
    name="neighbor",
    about=_ABOUT_NEIGHBORS,
    rules=(
        Rule(
            kind="neighbor.unreachable",
            severities=(Severity.WARNING,),
            threshold="at least one ARP or ND entry is FAILED or INCOMPLETE; one finding for the output",
            platforms="ip neigh, arp, show arp on all network systems",
            description="Hosts on the local network do not answer address resolution.",
            phrase="{count} of {entries} neighbour entries unresolved, first {subject}",
            example=Example(
                "linux",
                "ip neigh",
                "10.0.0.1 dev eth0 lladdr 52:54:00:62:c2:57 REACHABLE\n10.0.0.7 dev eth0  FAILED\n",
            ),
        ),
    ),
    read=_read,
)
