"""Ping: packet loss and round-trip times, from the statistics of any ping program."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Excerpt, Finding, Severity
from streams.analysis.json_records import records
from streams.analysis.quoting import quote_members
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule
from streams.analysis.thresholds import Thresholds

_LONGEST_LINE: Final = 500
_HOST: Final = r"[\w.:%-]+"
_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[\da-fA-F]*:[\da-fA-F:.]+")
_COUNT: Final = r"\d{1,12}"
_PERCENT: Final = rf"{_COUNT}(?:\.\d+)?"
_NUMBER: Final = re.compile(_PERCENT)
_STATISTICS: Final = (
    # iputils, BSD, NX-OS, Junos, SR OS ("bounced"), FortiOS, EXOS ("0% loss"); Comware writes "packet(s)".
    re.compile(
        r"(?P<sent>\d{1,12}) packet(?:s|\(s\))? transmitted,? (?:\d+ packets bounced, )?"
        rf"(?P<received>{_COUNT}) (?:packet(?:s|\(s\))? )?received"
        rf"(?:,?[^%\n]{{0,80}}?\b(?P<loss>{_PERCENT})% (?:packet )?loss)?"
    ),
    re.compile(
        rf"Success rate is (?P<success>{_PERCENT}) percent \((?P<received>{_COUNT})/(?P<sent>{_COUNT})\)",
        re.IGNORECASE,
    ),
    re.compile(r"sent=(?P<sent>\d{1,12}) received=(?P<received>\d{1,12}) packet-loss=(?P<loss>\d+)%"),
    re.compile(r"Sent = (?P<sent>\d{1,12}), Received = (?P<received>\d{1,12}), Lost = \d+ \((?P<loss>\d+)% loss\)"),
    re.compile(rf"(?P<host>{_HOST})\s+: xmt/rcv/%loss = (?P<sent>{_COUNT})/(?P<received>{_COUNT})/(?P<loss>\d+)%"),
    re.compile(rf"^\s*(?P<loss>{_PERCENT})% packet loss\s*$"),
    re.compile(r"^\s*(?P<silence>No reply from remote host)\.?\s*$"),
)
_HINTS: Final = ("loss", "success rate", "received", "no reply")
_AVERAGES: Final = (
    re.compile(rf"min/avg/max(?:/[\w-]+)? ?= ?{_PERCENT}/(?P<average>{_PERCENT})/"),
    re.compile(r"\bavg-rtt=(?:(?P<s>\d{1,12})s)?(?:(?P<ms>\d{1,12})ms)?(?:(?P<us>\d{1,12})us)?(?=\s|$)"),
    re.compile(rf"\bavg ?= ?(?P<average>{_PERCENT}) ?ms\b"),
    re.compile(r"Average = (?P<average>\d+)ms"),
)
_HOST_KEYS: Final = ("target-host", "destination", "destination_ip")
_LOSS_KEYS: Final = ("packet_loss_percent", "packet-loss")
_AVERAGE_KEYS: Final = ("round_trip_ms_avg", "rtt-average")
_SENT_KEYS: Final = ("packets_transmitted", "probes-sent")
_RECEIVED_KEYS: Final = ("packets_received", "responses-received")
_DESTINATIONS: Final = (
    re.compile(rf"^\s*-+ (?P<host>{_HOST}) (?:ping|PING) [Ss]tatistics -+$"),
    re.compile(rf"ICMP Echos? to (?P<host>{_HOST}?)(?:,| from|\s|$)"),
    re.compile(rf"^\s*Ping statistics for (?P<host>{_HOST}?)(?::| -+)$"),
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
    asked = _asked_host(case)
    in_json = case.parse.parser == "json"
    statistics = list(_from_json(case, asked) if in_json else _statistics(case.document, asked))
    if not statistics:
        return NOTHING_READ
    findings = _once_a_host(finding for each in statistics for finding in _judge(each, case.thresholds))
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


def _once_a_host(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding a kind and host, the gravest: NX-OS' API states its statistics twice."""
    gravest: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        known = gravest.setdefault((finding.kind, finding.subject), finding)
        if finding.severity > known.severity:
            gravest[finding.kind, finding.subject] = finding
    return list(gravest.values())


def _asked_host(case: Case) -> str:
    """Return the address that follows the command, else its last word that may name a host; "host" if none does."""
    words = [word for word in case.command.words[1:] if re.fullmatch(_HOST, word) and not word.startswith("-")]
    if words and words[0] == case.command.words[1] and _ADDRESS.fullmatch(words[0]):
        return words[0]
    named = [word for word in words if not word.isdigit()]
    return (named or words or ["host"])[-1]


def _statistics(document: Document, asked: str) -> Iterator[_Statistics]:
    """Yield each block of statistics with the destination named last before it."""
    host, after = asked, document.first
    for number in document.lines_holding(_HINTS):
        line = document.lines[number][:_LONGEST_LINE]
        match = next((m for pattern in _STATISTICS if (m := pattern.search(line))), None)
        if match and match.groupdict().get("sent") != "0":
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
    return _Statistics(
        host=found.get("host") or host,
        loss=_loss(found),
        sent=found.get("sent") or "",
        received=found.get("received") or "",
        average=average,
        loss_quote=document.quote(number),
        average_quote=document.quote(average_line),
    )


def _average(document: Document, number: int) -> tuple[int, str]:
    """Return the average round trip stated on the statistics' line or one of the three below it."""
    for near in range(number, min(number + 4, document.last)):
        line = document.lines[near][:_LONGEST_LINE]
        if near > number and any(pattern.search(line) for pattern in _STATISTICS):
            break
        if match := next((match for pattern in _AVERAGES if (match := pattern.search(line))), None):
            return near, _milliseconds(match)
    return number, ""


def _milliseconds(match: re.Match[str]) -> str:
    """Return the average as it stands, or RouterOS' `1s20ms345us` as milliseconds."""
    found = match.groupdict()
    if found.get("average"):
        return str(found["average"])
    seconds, milliseconds, microseconds = (int(found[unit] or 0) for unit in ("s", "ms", "us"))
    return f"{1000 * seconds + milliseconds + microseconds / 1000:g}"


def _loss(found: Mapping[str, str | None]) -> str:
    """Return the loss in percent: as stated, what is missing from success, or what the counts leave."""
    if loss := found.get("loss"):
        return f"{float(loss):g}"
    if success := found.get("success"):
        return f"{100 - float(success):g}"
    if found.get("silence"):
        return "100"
    sent, received = int(found.get("sent") or 1), int(found.get("received") or 0)
    return f"{max(0.0, 100 * (sent - received) / sent):.4g}"


def _from_json(case: Case, asked: str) -> Iterator[_Statistics]:
    """Yield the statistics of a JSON answer (Junos, jc); Junos counts microseconds."""
    host = asked
    for record in records(case.parse.data):
        host = record.text(*_HOST_KEYS) or host
        loss_key, average_key = record.name_of(*_LOSS_KEYS), record.name_of(*_AVERAGE_KEYS)
        loss, average = record.text(loss_key).strip(), record.text(average_key).strip()
        if not _NUMBER.fullmatch(loss):
            continue
        if not _NUMBER.fullmatch(average):
            average = ""
        paths = [((*record.path, key), (*record.path, key)) for key in (loss_key, average_key or loss_key)]
        loss_quote, average_quote = quote_members(case.document, paths)
        yield _Statistics(
            host=host,
            loss=f"{float(loss):g}",
            sent=record.text(*_SENT_KEYS),
            received=record.text(*_RECEIVED_KEYS),
            average=f"{float(average) / 1000:g}" if average and average_key == "rtt-average" else average,
            loss_quote=loss_quote,
            average_quote=average_quote,
        )


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
            threshold="average round-trip time > 200 ms (per tenant: latency_ms)",
            platforms="every ping program",
            description="Ping's answers take long on average.",
            phrase="{subject} answers after {rtt_avg_ms} ms on average",
            example=Example("linux", "ping -c 4 10.0.0.9", _PING),
        ),
    ),
    read=_read,
)
