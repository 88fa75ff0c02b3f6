"""Name resolution: names that do not exist, servers that do not answer."""

import re
from collections.abc import Iterator
from typing import Final

from streams.analysis.case import Case
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_DIG_STATUS: Final = re.compile(r"^;; ->>HEADER<<- .*status: (?P<status>[A-Z]+)")
_DIG_QUESTION: Final = re.compile(r"^;(?P<name>[^\s;]+)\s+(?:\d+\s+)?(?:IN|CH|HS)\s+\S+")
_HOST: Final = re.compile(r"^Host (?P<name>\S+) not found: \d+\((?P<status>[A-Z]+)\)")
_NSLOOKUP: Final = re.compile(r"^\*\* server can't find (?P<name>\S+): (?P<status>[A-Z]+)")
_NO_SERVER: Final = re.compile(r"^(?:;; )?connection timed out; no servers could be reached")
_FAILED: Final = frozenset({"SERVFAIL", "REFUSED"})


def _read(case: Case) -> Reading:
    answers = list(_answers(case))
    if not answers:
        return NOTHING_READ
    findings = tuple(finding for number, name, status in answers for finding in _judge(case, number, name, status))
    _, name, status = answers[-1]
    return Reading(findings, {"dns_status": status}, f"{name}: {status}", complete=True)


def _judge(case: Case, number: int, name: str, status: str) -> Iterator[Finding]:
    quote, facts = case.document.quote(number), {"dns_status": status}
    if status == "NXDOMAIN":
        yield Finding.quoting(quote, "dns.nxdomain", Severity.WARNING, name, facts)
    elif status in _FAILED or status == "no server":
        yield Finding.quoting(quote, "dns.failure", Severity.CRITICAL, name, facts)


def _answers(case: Case) -> Iterator[tuple[int, str, str]]:
    """Yield line, name and status of each answer; dig names the question a few lines below the status."""
    document = case.document
    for number in range(document.first, document.last):
        line = document.lines[number][:500]
        if match := _HOST.match(line) or _NSLOOKUP.match(line):
            yield number, match["name"].rstrip("."), match["status"]
        elif match := _DIG_STATUS.match(line):
            yield number, _question(case, number), match["status"]
        elif _NO_SERVER.match(line):
            yield number, _asked_name(case), "no server"


def _question(case: Case, number: int) -> str:
    document = case.document
    for line in document.lines[number : min(number + 12, document.last)]:
        if match := _DIG_QUESTION.match(line):
            return match["name"].rstrip(".") or "."
    return _asked_name(case)


def _asked_name(case: Case) -> str:
    names = [word for word in case.command.words[1:] if not word.startswith(("-", "+", "@"))]
    return names[0] if names else case.command.program


_NXDOMAIN = """;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 4242

;; QUESTION SECTION:
;nowhere.example.\t\tIN\tA
"""

FAMILY: Final = Family(
    name="dns",
    about=r"\b(k?dig|host|nslookup|delv|drill)\b",
    rules=(
        Rule(
            kind="dns.nxdomain",
            severities=(Severity.WARNING,),
            threshold="the answer's status is NXDOMAIN",
            platforms="dig, host, nslookup",
            description="The name does not exist.",
            phrase="{subject} does not exist",
            example=Example("linux", "dig nowhere.example", _NXDOMAIN),
        ),
        Rule(
            kind="dns.failure",
            severities=(Severity.CRITICAL,),
            threshold="SERVFAIL, REFUSED, or no server could be reached",
            platforms="dig, host, nslookup",
            description="The name servers cannot or will not answer.",
            phrase="no answer for {subject}: {dns_status}",
            example=Example("linux", "host db.example", "Host db.example not found: 2(SERVFAIL)\n", exit_code=1),
        ),
    ),
    read=_read,
)
