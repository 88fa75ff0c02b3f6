"""Name resolution: names that do not exist, servers that do not answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Excerpt, Finding, Severity
from streams.analysis.json_records import records
from streams.analysis.quoting import quote_members
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_DIG_STATUS: Final = re.compile(r"^;; ->>HEADER<<- .*(?:status|rcode): (?P<status>[A-Z]+)")
_DIG_QUESTION: Final = re.compile(r"^;(?P<name>[^\s;]+)\s+(?:\d+\s+)?(?:IN|CH|HS)\s+\S+")
_HOST: Final = re.compile(r"^Host (?P<name>\S+) not found: \d+\((?P<status>[A-Z]+)\)")
_NSLOOKUP: Final = re.compile(r"^\*\* server can't find (?P<name>\S+): (?P<status>[A-Z]+)")
_WINDOWS: Final = re.compile(
    r"^\*\*\* \S+ can't find (?P<name>\S+): (?P<words>Non-existent domain|Server failed|Query refused)"
)
_DELV: Final = re.compile(r"^;; resolution failed: (?:ncache )?(?P<words>nxdomain|SERVFAIL|REFUSED)")
_RESOLVECTL: Final = re.compile(
    r"^(?P<name>\S+): resolve call failed: (?:'(?P<missing>[^']+)' not found"
    r"|(?P<silent>.*\b(?:timed out|servers or networks failed|No appropriate name servers)\b))"
)
_IN_WORDS: Final = {"Non-existent domain": "NXDOMAIN", "Server failed": "SERVFAIL", "Query refused": "REFUSED"}
_NO_SERVER: Final = re.compile(
    r"^(?:;; )?(?:connection timed out; )?no servers could be reached|^\*\*\* Request to \S+ timed-?out"
)
_HINTS: Final = (
    "header",
    "not found",
    "can't find",
    "resolution failed",
    "name:",
    "no servers",
    "*** request",
    "resolve call",
)
_NSLOOKUP_NAME: Final = re.compile(r"^Name:\s+(?P<name>\S+)$")
_SHORT_ANSWER: Final = re.compile(r"^(?:\d+ )*(?:[\da-fA-F:.]+|\S+\.|\".*\")$")
_FAILED: Final = frozenset({"SERVFAIL", "REFUSED"})
_WELL: Final = "NOERROR"
_LONGEST_LINE: Final = 500
_SILENCE: Final = "no server"
_TYPES: Final = frozenset({"A", "AAAA", "ANY", "AXFR", "CH", "CNAME", "IN", "MX", "NS", "PTR", "SOA", "SRV", "TXT"})


@dataclass(frozen=True, slots=True)
class _Answer:
    name: str
    status: str
    quote: Excerpt


def _read(case: Case) -> Reading:
    answers = list(_from_json(case) if case.parse.parser == "json" else _answers(case))
    if not answers:
        return NOTHING_READ
    findings = {(found.kind, found.subject): found for each in reversed(answers) for found in _judge(each)}
    name, status = answers[-1].name, answers[-1].status
    ordered = tuple(sorted(findings.values(), key=lambda finding: finding.line_start))
    return Reading(ordered, {"dns_status": status}, f"{name}: {status}", complete=True)


def _judge(answer: _Answer) -> Iterator[Finding]:
    facts = {"dns_status": answer.status}
    if answer.status == "NXDOMAIN":
        yield Finding.quoting(answer.quote, "dns.nxdomain", Severity.WARNING, answer.name, facts)
    elif answer.status in _FAILED or answer.status == _SILENCE:
        yield Finding.quoting(answer.quote, "dns.failure", Severity.CRITICAL, answer.name, facts)


def _answers(case: Case) -> Iterator[_Answer]:
    """Yield each answer; dig names the question a few lines below the status."""
    document = case.document
    for number in document.lines_holding(_HINTS):
        line = document.lines[number][:_LONGEST_LINE].strip()
        if match := _HOST.match(line) or _NSLOOKUP.match(line):
            yield _Answer(match["name"].rstrip("."), match["status"], document.quote(number))
        elif match := _DIG_STATUS.match(line):
            yield _Answer(_question(case, number), match["status"], document.quote(number))
        elif match := _WINDOWS.match(line):
            yield _Answer(match["name"].rstrip("."), _IN_WORDS[match["words"]], document.quote(number))
        elif match := _DELV.match(line):
            yield _Answer(_asked_name(case), match["words"].upper(), document.quote(number))
        elif match := _NSLOOKUP_NAME.match(line):
            yield _Answer(match["name"].rstrip("."), _WELL, document.quote(number))
        elif match := _RESOLVECTL.match(line):
            status = "NXDOMAIN" if match["missing"] else _SILENCE
            yield _Answer(match["name"], status, document.quote(number))
        elif _NO_SERVER.match(line):
            yield _Answer(_asked_name(case), _SILENCE, document.quote(number))
    if "+short" in case.command.words and _is_short_answer(document):
        yield _Answer(_asked_name(case), _WELL, document.quote(document.first))


def _is_short_answer(document: Document) -> bool:
    """Whether the lines are what `dig +short` says of a name that it found: data only."""
    lines = [line.strip() for line in document.body if line.strip()]
    return bool(lines) and all(_SHORT_ANSWER.match(line[:_LONGEST_LINE]) for line in lines)


def _from_json(case: Case) -> Iterator[_Answer]:
    """Yield the answers that jc read of dig."""
    for record in records(case.parse.data):
        status, question = record.text("status"), record.members.get("question")
        if status.isupper():
            path = (*record.path, "status")
            name = str(question.get("name", "")) if isinstance(question, dict) else ""
            quote = quote_members(case.document, [(path, path)])[0]
            yield _Answer(name.rstrip(".") or _asked_name(case), status, quote)


def _question(case: Case, number: int) -> str:
    document = case.document
    for line in document.lines[number : min(number + 12, document.last)]:
        if match := _DIG_QUESTION.match(line.strip()):
            return match["name"].rstrip(".") or "."
    return _asked_name(case)


def _asked_name(case: Case) -> str:
    """Return the first word of the command that names something other than a type, class or server."""
    words = [word for word in case.command.words[1:] if not word.startswith(("-", "+", "@", "|"))]
    names = [word for word in words if word.upper() not in _TYPES]
    return (names or words or [case.command.program])[0].rstrip(".")


_NXDOMAIN = """;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 4242

;; QUESTION SECTION:
;nowhere.example.\t\tIN\tA
"""

FAMILY: Final = Family(
    name="dns",
    about=r"\b(k?dig|host|nslookup|delv|drill|resolvectl)\b",
    rules=(
        Rule(
            kind="dns.nxdomain",
            severities=(Severity.WARNING,),
            threshold="the answer's status is NXDOMAIN",
            platforms="dig, host, nslookup, drill, delv, resolvectl",
            description="The name does not exist.",
            phrase="{subject} does not exist",
            example=Example("linux", "dig nowhere.example", _NXDOMAIN),
        ),
        Rule(
            kind="dns.failure",
            severities=(Severity.CRITICAL,),
            threshold="SERVFAIL, REFUSED, or no server could be reached",
            platforms="dig, host, nslookup, drill, delv, resolvectl",
            description="The name servers cannot or will not answer.",
            phrase="no answer for {subject}: {dns_status}",
            example=Example("linux", "host db.example", "Host db.example not found: 2(SERVFAIL)\n", exit_code=1),
        ),
    ),
    read=_read,
)
