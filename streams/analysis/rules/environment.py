"""Fans, power supplies, temperatures."""

from collections.abc import Iterable, Iterator
from typing import Final

from streams.analysis.case import Case
from streams.analysis.environment import json_members, text
from streams.analysis.environment.component import Component
from streams.analysis.finding import Finding, Severity
from streams.analysis.parsers.parse import Row
from streams.analysis.quoting import quote_row
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_ABOUT_ENVIRONMENT: Final = (
    r"\benv(i\w*)?\b|\bfans?\b|\bpower\b|\btemp(erature)?s?\b|\bsensors?\b|\bcooling\b|\bpsu|system health"
    r"|\bsmonctl\b|\bipmitool\b|fantray|power-?suppl"
)
_ABOUT_HARDWARE: Final = (
    r"\bmodules?\b|\binventory\b|\bchassis\b|^display device$|\bshow platform$|\bsys-?info\b|\balarms?\b|\bhardware$"
)
_ABOUT_OTHERS: Final = r"inline|stack-power|\bpoe\b|power (used|avail)|mode|printenv|^env\b|cluster|transceiver|\bdom\b"
_LIMITS: Final = ("alert_limit", "minor_threshold", "minor_thresh", "critical_limit", "major_threshold")


def _read(case: Case) -> Reading:
    if case.command.mentions(_ABOUT_OTHERS):
        return NOTHING_READ
    named_only = not case.command.mentions(_ABOUT_ENVIRONMENT)
    found = (*_findings(_components(case, named_only=named_only)), *_over_limit(case))
    findings = tuple({(finding.line_start, finding.subject): finding for finding in found}.values())
    well = 0 if named_only or case.parse.parser == "json" else text.reported_well(case.document)
    if not well:
        return Reading(findings) if findings else NOTHING_READ
    return Reading(
        findings, headline=f"{well} components well", complete=case.command.only_mentions(_ABOUT_ENVIRONMENT)
    )


def _components(case: Case, *, named_only: bool) -> Iterator[Component]:
    if case.parse.parser != "json":
        yield from text.components(case.document, named_only=named_only)
    elif not named_only:
        yield from json_members.components(case)


def _findings(components: Iterable[Component]) -> Iterator[Finding]:
    for component in components:
        severity = Severity.INFO if component.is_absent else Severity.CRITICAL
        facts = {"state": component.state}
        yield Finding.quoting(component.quote, "environment.fault", severity, component.name, facts)


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
    about=f"{_ABOUT_ENVIRONMENT}|{_ABOUT_HARDWARE}",
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
