"""Fans, power supplies, temperatures."""

import re
from collections.abc import Iterator
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Finding, Severity
from streams.analysis.parsers.parse import Row
from streams.analysis.quoting import quote_row
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_ABOUT_HARDWARE: Final = (
    r"\benv(i\w*)?\b|\bfans?\b|\bpower\b|\btemp(erature)?\b|\bsensors\b|\bcooling\b|\bpsu?\b|system health"
)
_ABOUT_OTHERS: Final = r"inline|stack-power|\bpoe\b|power (used|avail)|mode|printenv|^env\b"
_FAULT: Final = re.compile(
    r"(?<![\w-])(?:fail(?:ed|ure)?|fault(?:y)?|bad[- ]input|no[- ]input(?: power)?|power[- ]loss|not ok|err-disabled?"
    r"|is critical|over[- ]?temp(?:erature)?|alarm|shut ?down|RED)(?![\w-])(?!\s*[:=]?\s*(?:0|no(?:ne)?)\b)",
    re.IGNORECASE,
)
_ABSENT: Final = re.compile(r"(?<![\w-])(?:absent|not (?:present|inserted|installed))(?![\w-])", re.IGNORECASE)
_HEADING: Final = re.compile(r"\b(?:thresh\w*|limits?|legend|threshold|redundancy|configured)\b", re.IGNORECASE)
_LIMITS: Final = ("alert_limit", "minor_threshold", "minor_thresh", "critical_limit", "major_threshold")


def _read(case: Case) -> Reading:
    concerns = case.command.mentions(_ABOUT_HARDWARE) and not case.command.mentions(_ABOUT_OTHERS)
    if case.lists_text or not concerns or case.parse.parser == "json":
        return NOTHING_READ
    findings = {finding.subject: finding for finding in (*_from_lines(case.document), *_over_limit(case))}
    return Reading(tuple(findings.values())) if findings else NOTHING_READ


def _from_lines(document: Document) -> Iterator[Finding]:
    for number in range(document.first, document.last):
        line = document.lines[number][:300]
        fault, absent = _FAULT.search(line), _ABSENT.search(line)
        if not (fault or absent) or _HEADING.search(line):
            continue
        match = absent or fault
        subject = _component(line[: match.start()]) if match else ""
        if match and subject:
            severity = Severity.INFO if absent else Severity.CRITICAL
            facts = {"state": match[0]}
            yield Finding.quoting(document.quote(number), "environment.fault", severity, subject, facts)


def _component(text: str) -> str:
    """Return the words before the state up to the first that holds a digit, four at most."""
    words = text.replace("|", " ").split()[:4]
    for count, word in enumerate(words, start=1):
        if any(character.isdigit() for character in word):
            return " ".join(words[:count]).rstrip(":,")
    return " ".join(words).rstrip(":,")


def _over_limit(case: Case) -> Iterator[Finding]:
    """Compare each sensor's temperature with its own lowest limit."""
    for row in case.parse.rows:
        value, limit = _number(row, "current_value"), _lowest_limit(row)
        if value is None or limit is None or value <= limit:
            continue
        sensor = str(row.values.get("sensor") or row.values.get("description") or "temperature")
        shown = str(row.values["current_value"])
        yield Finding.quoting(
            quote_row(case.document, row, sensor, [shown]),
            "environment.fault",
            Severity.CRITICAL,
            sensor,
            {"state": "above limit", "temperature": shown, "limit": f"{limit:g}"},
        )


def _lowest_limit(row: Row) -> float | None:
    limits = [limit for column in _LIMITS if (limit := _number(row, column)) is not None]
    return min(limits, default=None)


def _number(row: Row, column: str) -> float | None:
    try:
        return float(row.values.get(column, ""))
    except (TypeError, ValueError):
        return None


FAMILY: Final = Family(
    name="environment",
    rules=(
        Rule(
            kind="environment.fault",
            severities=(Severity.INFO, Severity.CRITICAL),
            threshold="reported failed, faulty or above its limit; an absent slot is info",
            platforms="show environment and its like on all network systems, sensors",
            description="A fan, power supply or temperature sensor reports a fault.",
            phrase="{subject}: {state}",
            example=Example("ios", "show environment all", "FAN 1 is OK\nFAN 2 is FAULTY\n", exit_code=None),
        ),
    ),
    read=_read,
)
