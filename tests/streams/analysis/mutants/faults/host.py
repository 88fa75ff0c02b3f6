"""Hosts: full disks, little memory, failed units, clocks that run alone, broken hardware."""

import re
from random import Random
from typing import Final

from tests.streams.analysis.mutants.mutation import Edit, Rewrite, fault

_DF: Final = r"\bdf\b|show system storage"
_DISK_ROW: Final = (
    r"^(?P<head>/dev/(?!loop|md|sr)\S+ [^%\n]*? )(?P<percent>\d+)%(?P<tail>(?: +\d+ +\d+ +\d+%)? +/(?!snap))"
)
_TOP: Final = r"\btop\b"
_ENVIRONMENT: Final = r"environment"


def _used(percent: int) -> str:
    return rf"\g<head>{percent}%\g<tail>"


def _available(percent: int) -> Rewrite:
    """Return the rewrite of procps' memory lines to `percent` of the total available."""

    def rewrite(match: re.Match[str], _: Random) -> str:
        total = float(match["total"])
        return f"{match['head']}{total * percent / 100:.0f}{match['tail']}"

    return rewrite


_TOP_MEMORY: Final = (
    r"(?P<head>^(?:[KMG]iB|Mem) Mem ?: *(?P<total>\d+(?:\.\d+)?) total[^\n]*\n[^\n]*used\. *)"
    r"\d+(?:\.\d+)?(?P<tail> avail Mem)"
)
_FREE: Final = r"(?P<head>^Mem: +(?P<total>\d+) +\d+ +\d+ +\d+ +\d+ +)\d+(?P<tail>)$"

HOST_FAULTS: Final[tuple[Edit, ...]] = (
    *(fault(f"file system {percent} % full", _DF, _DISK_ROW, _used(percent)) for percent in (85, 94, 95, 100)),
    *(fault(f"{percent} % of memory available", _TOP, _TOP_MEMORY, _available(percent)) for percent in (4, 8)),
    *(fault(f"{percent} % of memory available", r"\bfree\b", _FREE, _available(percent)) for percent in (4, 8)),
    fault(
        "failed unit",
        r"systemctl",
        r"^(?P<head>\s+)(?P<unit>\S+\.service +loaded +)active +(?:running|exited) ",
        r"\g<head>\g<unit>failed failed ",
    ),
    fault("clock not synchronised", r"timedatectl", r"(?P<head>synchronized: )yes", r"\g<head>no"),
    fault("clock synchronised", r"timedatectl", r"(?P<head>synchronized: )no", r"\g<head>yes"),
    fault("no NTP peer selected", r"ntpq", r"^\*", " "),
    fault("failed fan or supply", _ENVIRONMENT, r"\b(?:Ok|OK|ok|Good|GOOD|Normal)\b(?=\s*$)", "Failed"),
    fault("failed component", _ENVIRONMENT, r"(?<=[\s|])(?:Ok|OK|ok)(?=\s)", "Failed"),
)
