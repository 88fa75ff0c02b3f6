"""Ping: packet loss and round-trip times, from the statistics of any ping program."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Excerpt, Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule
from streams.analysis.thresholds import Thresholds

_LONGEST_LINE: Final = 500
_HOST: Final = r"[\w.:%-]+"
_STATISTICS: Final = (
    # iputils, BSD, NX-OS, Junos, SR OS, FortiOS; Comware writes "packet(s)".
    re.compile(
        r"(?P<sent>\d+) packet(?:s|\(s\))? transmitted,? (?P<received>\d+) (?:packet(?:s|\(s\))? )?received,"
        r"?[^%\n]{0,80}?(?P<loss>\d+(?:\.\d+)?)% packet loss"
    ),
    re.compile(r"Success rate is (?P<success>\d+(?:\.\d+)?) percent \((?P<received>\d+)/(?P<sent>\d+)\)"),
    re.compile(r"sent=(?P<sent>\d+) received=(?P<received>\d+) packet-loss=(?P<loss>\d+)%"),
    re.compile(r"Sent = (?P<sent>\d+), Received = (?P<received>\d+), Lost = \d+ \((?P<loss>\d+)% loss\)"),
    re.compile(rf"(?P<host>{_HOST})\s+: xmt/rcv/%loss = (?P<sent>\d+)/(?P<received>\d+)/(?P<loss>\d+)%"),
    re.compile(r"^\s*(?P<loss>\d+(?:\.\d+)?)% packet loss\s*$"),
)
_HINTS: Final = ("loss", "success rate")
_AVERAGES: Final = (
    re.compile(r"min/avg/max(?:/[\w-]+)? = \d+(?:\.\d+)?/(?P<average>\d+(?:\.\d+)?)/"),
    re.compile(r"avg(?:-rtt)? ?= ?(?P<average>\d+(?:\.\d+)?) ?ms\b"),
    re.compile(r"Average = (?P<average>\d+(?:\.\d+)?)ms"),
)
_DESTINATIONS: Final = (
    re.compile(rf"^-+ (?P<host>{_HOST}) (?:ping|PING) [Ss]tatistics -+$"),
    re.compile(rf"ICMP Echos? to (?P<host>{_HOST}?)(?:,| from|\s|$)"),
    re.compile(rf"^Ping statistics for (?P<host>{_HOST}?):$"),
    re.compile(rf"^\s*PING (?P<host>{_HOST}?)[:\s(]"),
    re.compile(r"^\s*\d+ (?P<host>\d{1,3}(?:\.\d{1,3}){3})\s"),
)


@dataclass(frozen=True, slots=True)
class _Statistics:
    host: str
    loss: str
    sent: str
    received: str
    average: str
    loss_quote: Excerpt
    average_quote: Excerpt


def _read(case: Case) -> Reading:
    statistics = list(_statistics(case.document, _asked_host(case)))
    if not statistics:
        return NOTHING_READ
    findings = [finding for each in statistics for finding in _judge(each, case.thresholds)]
    worst = max(statistics, key=lambda each: float(each.loss))
    facts = {"loss_percent": worst.loss, "packets_sent": worst.sent, "packets_received": worst.received}
    if worst.average:
        facts["rtt_avg_ms"] = worst.average
    latency = f", {worst.average} ms on average" if worst.average else ""
    headline = f"{worst.host} answers, {worst.loss}% packet loss{latency}"
    return Reading(tuple(findings), {k: v for k, v in facts.items() if v}, headline, complete=True)


def _judge(each: _Statistics, thresholds: Thresholds) -> Iterator[Finding]:
    facts = {"loss_percent": each.loss, "sent": each.sent, "received": each.received}
    if float(each.loss) > 0:
        severity = Severity.CRITICAL if float(each.loss) >= 100 else Severity.WARNING
        shown = {name: value for name, value in facts.items() if value}
        yield Finding.quoting(each.loss_quote, "reachability.loss", severity, each.host, shown)
    if each.average and float(each.average) > thresholds.latency_ms:
        slow = {"rtt_avg_ms": each.average}
        yield Finding.quoting(each.average_quote, "reachability.latency", Severity.WARNING, each.host, slow)


def _asked_host(case: Case) -> str:
    """Return the last word of the command that may name a host; "host" if none does."""
    words = [word for word in case.command.words[1:] if re.fullmatch(_HOST, word) and not word.startswith("-")]
    named = [word for word in words if not word.isdigit()]
    return (named or words or ["host"])[-1]


def _statistics(document: Document, asked: str) -> Iterator[_Statistics]:
    """Yield each block of statistics with the destination named last before it."""
    host, after = asked, document.first
    for number in document.lines_holding(_HINTS):
        line = document.lines[number][:_LONGEST_LINE]
        match = next((m for pattern in _STATISTICS if (m := pattern.search(line))), None)
        if match:
            host = _named_last(document, after, number) or host
            after = number + 1
            yield _block(document, number, match, host)


def _named_last(document: Document, first: int, last: int) -> str:
    """Return the destination that the nearest line before line `last`, or that line itself, names."""
    for number in range(last, first - 1, -1):
        line = document.lines[number][:_LONGEST_LINE]
        for pattern in _DESTINATIONS:
            if match := pattern.search(line):
                return match["host"]
    return ""


def _block(document: Document, number: int, match: re.Match[str], host: str) -> _Statistics:
    found = match.groupdict()
    average_line, average = _average(document, number)
    success = found.get("success")
    loss = found.get("loss") or (_complement(success) if success else "0")
    return _Statistics(
        host=found.get("host") or host,
        loss=_short(loss),
        sent=found.get("sent") or "",
        received=found.get("received") or "",
        average=average,
        loss_quote=document.quote(number),
        average_quote=document.quote(average_line),
    )


def _average(document: Document, number: int) -> tuple[int, str]:
    """Return the average round trip stated on the statistics' line or one of the three below it."""
    for near in range(number, min(number + 4, document.last)):
        for pattern in _AVERAGES:
            match = pattern.search(document.lines[near][:_LONGEST_LINE])
            if match:
                return near, match["average"]
    return number, ""


def _complement(percent: str) -> str:
    return f"{100 - float(percent):g}"


def _short(percent: str) -> str:
    return f"{float(percent):g}"


_PING = """PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.

--- 10.0.0.9 ping statistics ---
4 packets transmitted, 1 received, 75% packet loss, time 3050ms
rtt min/avg/max/mdev = 230.1/230.1/230.1/0.0 ms
"""

FAMILY: Final = Family(
    name="reachability",
    about=r"ping|mtr|icmp",
    rules=(
        Rule(
            kind="reachability.loss",
            severities=(Severity.WARNING, Severity.CRITICAL),
            threshold="packet loss > 0 %; critical at 100 %",
            platforms="every ping program",
            description="Ping statistics report lost packets.",
            phrase="{loss_percent}% packet loss to {subject}",
            example=Example("linux", "ping -c 4 10.0.0.9", _PING),
        ),
        Rule(
            kind="reachability.latency",
            severities=(Severity.WARNING,),
            threshold="average round-trip time > 200 ms",
            platforms="every ping program",
            description="Ping's answers take long on average.",
            phrase="{subject} answers after {rtt_avg_ms} ms on average",
            example=Example("linux", "ping -c 4 10.0.0.9", _PING),
        ),
    ),
    read=_read,
)
