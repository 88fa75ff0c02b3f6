"""The system clock: whether it follows a time source."""

import re
from collections.abc import Iterator
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Excerpt, Finding, Severity
from streams.analysis.json_records import records
from streams.analysis.quoting import quote_members
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_ABOUT_CLOCKS: Final = r"w32tm|timedatectl|chronyc|ntp|clock|execute time"
_STATED: Final = re.compile(
    r"^\s*\"?(?:(?:System clock|NTP|ntp) ?synchronized(?::|=) *(?P<timedatectl>yes|no)\b"
    r"|Leap status\s*: *(?P<chrony>.+?)\s*$"
    r"|(?:System )?Clock is (?P<cisco>synchroni[sz]ed|unsynchroni[sz]ed|not synchroni[sz]ed)\b"
    r"|(?P<ntpstat>unsynchroni[sz]ed|synchroni[sz]ed to)\b"
    r"|Clock (?:status|state) *: *(?P<huawei>(?:not )?\w+)"
    r"|(?:clock )?synchroni[sz]ed\s*: *(?P<stated>yes|no)\b"
    r"|(?:ass(?:oc)?id=\d+ )?status=\w{4} (?P<leap>leap_\w+|sync_alarm)"
    r"|Leap Indicator: \d ?\((?P<windows>[^)]+)\)"
    r"|NTP (?P<panos>not synched|synched to LOCAL|synched to)\b"
    r"|last ntp sync: *(?P<fortinet>\w+)"
    r"|status 0x[\da-f]+ \((?P<ntptime>[\w,]*)\)"
    r"|Clock Source +: (?P<sros>none|[\da-f]*[.:][\da-f.:]+)\s*$"
    r"|(?P<ios>[*.])\d\d:\d\d:\d\d\.\d{3} )",
    re.IGNORECASE,
)
_UNSYNCHRONISED: Final = re.compile(
    r"^(?:no|none|never|\*|\.|unsynchroni[sz]ed|not synchroni[sz]ed|leap_alarm|sync_alarm|not synched|synched to local"
    r"|(?:\w+,)*unsync(?:,\w+)*)$",
    re.IGNORECASE,
)
_PEERS_HEADER: Final = re.compile(
    r"\bremote\b.*\bref|\baddress\b.*\bref ?clock\b|^\s*MS Name/IP|\bremote\s+local\b",
    re.IGNORECASE,
)
_PEER: Final = re.compile(r"^\s*(?P<mark>[ *#+o\-x.~=^?]{0,3})[\w.:-]*\w[\w.:-]*(?:\s|$)")
_LEGEND: Final = re.compile(r", |\bconfigured\b")
_RULE_LINE: Final = re.compile(r"^[=\-\s]+$")
_LONGEST_LINE: Final = 200
_SUBJECT: Final = "system clock"
_SELECTED: Final = frozenset({"*", "sys.peer", "^*"})
_STATUS_KEYS: Final = ("status", "system_clock_synchronized", "ntp_synchronized", "leap_status")
_MARK_KEYS: Final = ("condition", "syncmode", "state", "tally_code")
_PEER_KEYS: Final = ("remote", "peerIpAddr", "peer", "refid", "name")


def _read(case: Case) -> Reading:
    if case.parse.parser == "json" and (reading := _from_json(case)) is not NOTHING_READ:
        return reading
    stated = next(_statements(case.document), None)
    if stated:
        number, synchronised = stated
        return _reading(case, case.document.quote(number), synchronised=synchronised)
    peers = _peers(case.document)
    if not peers:
        return NOTHING_READ
    selected = any("*" in mark for _, mark in peers)
    return _reading(case, case.document.quote(peers[0][0], peers[-1][0]), synchronised=selected)


def _reading(case: Case, quote: Excerpt, *, synchronised: bool) -> Reading:
    facts = {"synchronised": "yes" if synchronised else "no"}
    if synchronised:
        return Reading((), facts, "system clock synchronised", complete=case.command.only_mentions(_ABOUT_CLOCKS))
    finding = Finding.quoting(quote, "clock.unsynchronised", Severity.WARNING, _SUBJECT, facts)
    return Reading((finding,), facts, complete=True)


def _statements(document: Document) -> Iterator[tuple[int, bool]]:
    """Yield lines that state it, and whether they say synchronised.

    IOS says so by a mark before the time: `*` is not authoritative, `.` is authoritative without NTP.
    """
    for number in range(document.first, document.last):
        match = _STATED.match(document.lines[number][:_LONGEST_LINE])
        if match:
            word = next(filter(None, match.groups()))
            yield number, not _UNSYNCHRONISED.match(word)


def _peers(document: Document) -> list[tuple[int, str]]:
    """Return line and tally mark of each peer below a header of `ntpq -p`, `show ntp associations` or chrony."""
    peers: list[tuple[int, str]] = []
    in_table = False
    for number in range(document.first, document.last):
        line = document.lines[number][:_LONGEST_LINE]
        if _PEERS_HEADER.search(line):
            in_table = True
        elif in_table and not (_RULE_LINE.match(line) or _LEGEND.search(line)) and (match := _PEER.match(line)):
            peers.append((number, match["mark"]))
        elif in_table and not line.strip():
            in_table = False
    return peers


def _from_json(case: Case) -> Reading:
    """Read what a JSON answer states (EOS, jc), else whether one of its peers is selected (EOS, NX-OS, jc)."""
    everything = list(records(case.parse.data))
    for record in everything:
        key = record.name_of(*_STATUS_KEYS)
        if key and (stated := _synchronised(record.text(key))) is not None:
            path = (*record.path, key)
            return _reading(case, quote_members(case.document, [(path, path)])[0], synchronised=stated)
    peers = [each for each in everything if each.name_of(*_PEER_KEYS) or _MARK_KEYS[0] in each.members]
    marked = [(each, each.name_of(*_MARK_KEYS)) for each in peers]
    if not any(key for _, key in marked):
        return NOTHING_READ
    selected = any(record.text(key).strip() in _SELECTED for record, key in marked if key)
    record, key = next((record, key) for record, key in marked if key)
    path = (*record.path, key)
    return _reading(case, quote_members(case.document, [(path, path)])[0], synchronised=selected)


def _synchronised(stated: str) -> bool | None:
    """Return whether words such as `unsynchronised` or `synchronised to NTP server` say so; None for others."""
    text = stated.strip().lower()
    if text in {"true", "yes", "normal"} or text.startswith(("synchronised", "synchronized")):
        return True
    refused = text in {"false", "no"} or text.startswith(("unsynchroni", "not synchroni"))
    return False if refused else None


FAMILY: Final = Family(
    name="clock",
    about=_ABOUT_CLOCKS,
    rules=(
        Rule(
            kind="clock.unsynchronised",
            severities=(Severity.WARNING,),
            threshold="reported as not synchronised, or no NTP peer selected (`*`) where peers are listed",
            platforms="timedatectl, chronyc, ntpq, ntpstat, w32tm; show ntp on network systems, show clock on IOS",
            description="The system clock follows no time source.",
            phrase="the {subject} is not synchronised",
            example=Example("linux", "timedatectl", "System clock synchronized: no\n"),
        ),
    ),
    read=_read,
)
