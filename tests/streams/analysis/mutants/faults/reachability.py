"""Ping, traceroute and name resolution: lost packets, long ways, silent ends, missing names."""

import re
from random import Random
from typing import Final

from tests.streams.analysis.mutants.mutation import Edit, Rewrite, fault

_PING: Final = r"\bping6?\b"
_UNTIL_LOSS: Final = (
    r"(?P<sent>\d+) (?P<unit>packet(?:s|\(s\))?) transmitted,(?P<gap> ?)(?P<received>\d+)(?P<word> (?:packets? )?)"
    r"received,(?P<between>[^%\n]*?\b)"
)
_LOSS: Final = r"(?<![\d.])(?P<loss>(?!0(?:\.0+)?%)\d+(?:\.\d+)?)% packet loss"
_NO_LOSS: Final = r"(?P<loss>0(?:\.0+)?)% packet loss"
_SUCCESS: Final = r"Success rate is (?P<rate>100|0) percent \((?P<received>\d+)/(?P<sent>\d+)\)"
_UNTIL_AVERAGE: Final = r"(?P<head>min/avg/max[^=\n]*= *\d+(?:\.\d+)?/)"
_FAST: Final = r"(?:1?\d?\d(?:\.\d+)?)(?=/)"
_SLOW: Final = r"(?:[2-9]\d\d(?:\.\d+)?)(?=/)"


def _answered(share: float) -> Rewrite:
    """Return the rewrite of statistics to about `share` of the packets answered."""

    def rewrite(match: re.Match[str], _: Random) -> str:
        sent = int(match["sent"])
        received = round(sent * share)
        loss = f"{100 * (sent - received) / max(sent, 1):.4g}"
        return (
            f"{sent} {match['unit']} transmitted,{match['gap']}{received}{match['word']}received,"
            f"{match['between']}{loss}% packet loss"
        )

    return rewrite


def _succeeded(share: float) -> Rewrite:
    def rewrite(match: re.Match[str], _: Random) -> str:
        sent = int(match["sent"])
        received = round(sent * share)
        return f"Success rate is {100 * received // max(sent, 1)} percent ({received}/{sent})"

    return rewrite


REACHABILITY_FAULTS: Final[tuple[Edit, ...]] = (
    fault("no packet lost any more", _PING, _UNTIL_LOSS + _LOSS, _answered(1.0)),
    *(
        fault(f"{100 * (1 - share):.0f} % packet loss", _PING, _UNTIL_LOSS + _NO_LOSS, _answered(share))
        for share in (0.75, 0.4, 0.0)
    ),
    *(fault(f"success rate {100 * share:.0f} %", _PING, _SUCCESS, _succeeded(share)) for share in (1.0, 0.6, 0.0)),
    fault("average round trip 201 ms", _PING, _UNTIL_AVERAGE + _FAST, r"\g<head>201"),
    fault("average round trip 199 ms", _PING, _UNTIL_AVERAGE + _SLOW, r"\g<head>199"),
    fault("silent last hop", r"traceroute", r"^(?P<hop> {0,2}\d+ +)(?!\*)\S[^\n]*\n*\Z", r"\g<hop>* * *\n"),
    fault(
        "last hop that answers",
        r"traceroute",
        r"^(?P<hop> {0,2}\d+ +)\* +\* +\*\s*\Z",
        r"\g<hop>10.9.8.7 4 msec 4 msec 4 msec\n",
    ),
    *(
        fault(f"answer {status}", r"\bdig\b", r"status: NOERROR", f"status: {status}")
        for status in ("NXDOMAIN", "SERVFAIL", "REFUSED")
    ),
)
