"""What changes from one run of a command to the next while nothing happens."""

import re
from collections.abc import Callable
from random import Random
from typing import Final

from tests.streams.analysis.mutants.mutation import Edit, Rewrite, drift

_ANY: Final = ""
_PING: Final = r"\bping6?\b"
_TRACE: Final = r"trace|tracepath"
_COUNTED: Final = (
    r"packets?|bytes?|octets|pkts|broadcasts?|multicasts?|unicasts?|bits/sec|packets/sec|bps|pps|kbps|runts input"
)
_NAMED_COUNTERS: Final = (
    r"\"(?:(?:in|out|rx|tx|input|output)[-A-Za-z]*(?:octets|bytes|pkts|packets|rate|bps|pps)[-A-Za-z]*"
    r"|(?:msg|msgs|message)[-A-Za-z]*|[-A-Za-z]*(?:Timestamp|Time|time|Epoch|epoch))\"\s*:\s*\"?"
)


def _times(low: float, high: float) -> Rewrite:
    """Return a rewrite of group `n`: the number times a factor, zero stays zero and whole stays whole."""

    def rewrite(match: re.Match[str], random: Random) -> str:
        number, factor = match["n"], random.uniform(low, high)
        digits = len(number.partition(".")[2])
        changed = f"{float(number) * factor:.{digits}f}" if digits else str(max(1, round(int(number) * factor)))
        return _placed(match, number if float(number) == 0 else changed)

    return rewrite


def _random_number(low: int, high: int) -> Rewrite:
    return lambda match, random: _placed(match, str(random.randint(low, high)))


def _placed(match: re.Match[str], text: str) -> str:
    start, end = match.start("n") - match.start(), match.end("n") - match.start()
    return match[0][:start] + text + match[0][end:]


def _time_of_day(match: re.Match[str], random: Random) -> str:
    return f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}"


def _age(match: re.Match[str], random: Random) -> str:
    """Return another age as routers shorten it: `3d04h`, `2w6d`, `5y11w`."""
    forms: tuple[Callable[[], str], ...] = (
        lambda: f"{random.randint(1, 6)}d{random.randint(0, 23):02}h",
        lambda: f"{random.randint(1, 51)}w{random.randint(0, 6)}d",
        lambda: f"{random.randint(1, 9)}y{random.randint(1, 51)}w",
    )
    return random.choice(forms)()


def _spelled_age(match: re.Match[str], random: Random) -> str:
    number = random.randint(2, 23)
    return f"{number} {match['unit'].removesuffix('s')}s"


def _date(match: re.Match[str], random: Random) -> str:
    return f"{match['year']}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def _hardware_address(match: re.Match[str], random: Random) -> str:
    """Return the address with other digits in its last three bytes, in the same spelling."""
    head, tail = match[0][:-8], match[0][-8:]
    return head + re.sub(r"[0-9a-fA-F]", lambda _: random.choice("0123456789"), tail)


DRIFTS: Final[tuple[Edit, ...]] = (
    drift("times of day, short ages and timers", _ANY, r"(?<![\d:.])\d{1,2}:\d{2}:\d{2}(?![\d:])", _time_of_day),
    drift("ages", _ANY, r"\b(?:\d+d\d{1,2}h|\d+w\d+d|\d+y\d+w)\b", _age),
    drift("spelled uptimes", _ANY, r"\b\d+ (?P<unit>years|weeks|days|hours|minutes)\b(?! old)", _spelled_age),
    drift("dates", _ANY, r"\b(?P<year>20\d\d)-\d\d-\d\d\b", _date),
    drift(
        "counters in words", r"interface|ifconfig|\bip\b|port|bgp", rf"\b(?P<n>\d+) (?:{_COUNTED})\b", _times(1.01, 3.0)
    ),
    drift(
        "counters behind words",
        r"interface|ifconfig|port",
        r"(?:[RT]X (?:packets|bytes)|(?:packets|bytes|octets)[ \t]*:)[: \t]*(?P<n>\d+)",
        _times(1.01, 3.0),
    ),
    drift("counters in JSON", _ANY, rf"(?:{_NAMED_COUNTERS})(?P<n>\d{{3,}}(?:\.\d+)?)\b", _times(1.01, 1.05)),
    drift(
        "interface byte and packet columns",
        r"/proc/net/dev",
        r"(?:^ *\S+: *|(?<=[ :]))(?P<n>[1-9]\d{3,})\b",
        _times(1.01, 2.0),
    ),
    drift(
        "BGP message counters and table version",
        r"bgp.*sum|sum.*bgp|bgp peer\b",
        r"^(?:\d{1,3}\.){3}\d{1,3} +4 +\d+ +(?P<n>\d+)",
        _times(1.01, 2.0),
    ),
    drift(
        "accepted prefixes",
        r"bgp.*sum|sum.*bgp",
        r"^(?:\d{1,3}\.){3}\d{1,3} +4 .*[dhwy0-9] +(?P<n>[1-9]\d*) *$",
        _times(1.1, 3.0),
    ),
    drift("round-trip times of each answer", _PING, r"\btime[=<](?P<n>\d+(?:\.\d+)?)", _times(0.7, 1.4)),
    drift("sequence numbers", _PING, r"\b(?:icmp_)?seq=(?P<n>\d+)", _random_number(1, 900)),
    drift("times to live", _PING, r"\bttl=(?P<n>\d+)", _random_number(40, 255)),
    drift(
        "fast average round trip",
        _PING,
        r"min/avg/max[^=]*= *\d+(?:\.\d+)?/(?P<n>(?:\d|[1-5]\d)(?:\.\d+)?)/",
        _times(0.6, 1.5),
    ),
    drift("duration of the ping", _PING, r"\btime (?P<n>\d+) ?ms", _times(0.9, 1.2)),
    drift("round trips of a path", _TRACE, r"\b(?P<n>\d+(?:\.\d+)?) ?m(?:s|sec)\b", _times(0.6, 1.8)),
    drift("DNS message ids", r"\bdig\b", r"\bid: (?P<n>\d+)", _random_number(1, 65535)),
    drift("DNS query times", r"\bdig\b", r"Query time: (?P<n>\d+)", _random_number(1, 90)),
    drift("DNS times to live", r"\bdig\b", r"^[^;\s]\S*\s+(?P<n>\d+)\s+IN\b", _random_number(1, 86400)),
    drift("process ids", r"\b(?:top|ps)\b", r"^ *(?P<n>\d{3,6}) (?=[a-z+_]+ )", _random_number(1000, 65000)),
    drift("process ids after the user", r"\bps\b", r"^\w+ +(?P<n>\d{3,6}) (?= *\d)", _random_number(1000, 65000)),
    drift("load averages", r"\b(?:top|uptime|w)\b", r"load averages?: (?P<n>\d+\.\d+)", _times(0.8, 1.3)),
    drift("idle time of processors", r"\btop\b", r"(?P<n>\d{2}\.\d) id\b", _times(0.97, 1.0)),
    drift(
        "a low use of a file system",
        r"\b(?:df|storage)\b",
        r" (?P<n>[1-5]\d)% +/",
        _times(0.9, 1.1),
    ),
    drift(
        "free ports of clients",
        r"netstat|\bss\b",
        r"(?<=[.:])(?P<n>[3-6]\d{4})(?= )",
        _random_number(32768, 60999),
    ),
    drift(
        "hardware addresses",
        r"arp|neigh|mac|interface|\bip\b|ifconfig",
        r"\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b|\b(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}\b",
        _hardware_address,
    ),
    drift("age of ARP entries", r"arp", r"^Internet +\S+ +(?P<n>\d+) ", _random_number(1, 239)),
)
"""What may happen between any two runs, all of it at once too."""

EDGES: Final[tuple[Edit, ...]] = (
    Edit(
        "a file system just below its limit",
        True,
        re.compile(r"\bdf\b|storage"),
        re.compile(r"^/dev/(?!loop|md|sr)\S+ [^%\n]*? (?P<n>[1-7]?\d)%", re.MULTILINE),
        lambda match, _: _placed(match, "84"),
        every=False,
    ),
    Edit(
        "an average round trip just below its limit",
        True,
        re.compile(_PING),
        re.compile(r"min/avg/max[^=\n]*= *\d+(?:\.\d+)?/(?P<n>1?\d?\d(?:\.\d+)?)/"),
        lambda match, _: _placed(match, "199"),
        every=False,
    ),
)
"""As far as a number may go before it is a finding."""
