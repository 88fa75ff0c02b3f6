"""The system clock: whether it follows a time source."""

import re
from collections.abc import Iterator
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_ABOUT_CLOCKS: Final = r"timedatectl|chronyc|ntp|clock"
_STATED: Final = re.compile(
    r"^\s*(?:(?:System clock|NTP) synchronized: *(?P<timedatectl>yes|no)\b"
    r"|Leap status\s*: *(?P<chrony>.+?)\s*$"
    r"|Clock is (?P<cisco>synchronized|unsynchronized)\b"
    r"|(?P<ntpstat>unsynchronised|synchronised to)\b"
    r"|Clock (?:status|state) *: *(?P<huawei>\w+))",
    re.IGNORECASE,
)
_UNSYNCHRONISED: Final = re.compile(r"^(?:no|unsynchroni[sz]ed|not synchroni[sz]ed)$", re.IGNORECASE)
_PEERS_HEADER: Final = re.compile(
    r"\bremote\b.*\brefid\b|\baddress\b.*\bref clock\b|^\s*MS Name/IP|\bRemote\b.*\bRef", re.IGNORECASE
)
_PEER: Final = re.compile(r"^(?P<mark>[ *#+o\-x.~=^?]{0,3})[\w.:-]*\w[\w.:-]*\s+\S+")
_RULE_LINE: Final = re.compile(r"^[=\-\s]+$")
_SUBJECT: Final = "system clock"


def _read(case: Case) -> Reading:
    stated = next(_statements(case.document), None)
    if stated:
        number, synchronised = stated
        return _reading(case, number, synchronised=synchronised)
    peers = _peers(case.document)
    if not peers:
        return NOTHING_READ
    selected = any("*" in mark for _, mark in peers)
    return _reading(case, peers[0][0], peers[-1][0], synchronised=selected)


def _reading(case: Case, first: int, last: int | None = None, *, synchronised: bool) -> Reading:
    facts = {"synchronised": "yes" if synchronised else "no"}
    if synchronised:
        return Reading((), facts, "system clock synchronised", complete=case.command.only_mentions(_ABOUT_CLOCKS))
    finding = Finding.quoting(
        case.document.quote(first, last), "clock.unsynchronised", Severity.WARNING, _SUBJECT, facts
    )
    return Reading((finding,), facts, complete=True)


def _statements(document: Document) -> Iterator[tuple[int, bool]]:
    for number in range(document.first, document.last):
        match = _STATED.match(document.lines[number][:200])
        if match:
            word = next(filter(None, match.groups()))
            yield number, not _UNSYNCHRONISED.match(word)


def _peers(document: Document) -> list[tuple[int, str]]:
    """Return line and tally mark of each peer below a header of `ntpq -p`, `show ntp associations` or chrony."""
    peers: list[tuple[int, str]] = []
    in_table = False
    for number in range(document.first, document.last):
        line = document.lines[number][:200]
        if _PEERS_HEADER.search(line):
            in_table = True
        elif in_table and not _RULE_LINE.match(line) and (match := _PEER.match(line)):
            peers.append((number, match["mark"]))
        elif in_table and not line.strip():
            in_table = False
    return peers


FAMILY: Final = Family(
    name="clock",
    about=_ABOUT_CLOCKS,
    rules=(
        Rule(
            kind="clock.unsynchronised",
            severities=(Severity.WARNING,),
            threshold="reported as not synchronised, or no NTP peer selected (`*`) where peers are listed",
            platforms="timedatectl, chronyc, ntpq, ntpstat, show ntp on network systems",
            description="The system clock follows no time source.",
            phrase="the {subject} is not synchronised",
            example=Example("linux", "timedatectl", "System clock synchronized: no\n"),
        ),
    ),
    read=_read,
)
