"""systemd units that failed."""

import re
from collections.abc import Iterator
from typing import Final

from streams.analysis.case import Case
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_ABOUT_UNITS: Final = r"\bsystemctl\b"
_UNIT: Final = r"[\w@:.\\-]+\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)"
_LISTED: Final = re.compile(
    rf"^(?:[●*x\u00d7]\s*)?\s*(?P<unit>{_UNIT})\s+(?P<load>loaded|not-found|masked|error|bad-setting)\s+(?P<active>\w+)\s+\S+"
)
_STATUS_TITLE: Final = re.compile(rf"^[●*x\u00d7○]\s*(?P<unit>{_UNIT})")
_STATUS: Final = re.compile(r"^\s+Active: (?P<active>\w+)")
_STATES: Final = frozenset({"active", "inactive", "failed", "activating", "deactivating", "reloading", "maintenance"})


def _read(case: Case) -> Reading:
    units = [unit for unit in _units(case) if unit[2] in _STATES]
    if not units:
        return NOTHING_READ
    findings = tuple(
        Finding.quoting(case.document.quote(number), "service.failed", Severity.CRITICAL, name, {"state": state})
        for number, name, state in units
        if state == "failed"
    )
    facts = {"units": str(len(units)), "units_failed": str(len(findings))}
    return Reading(
        findings,
        facts,
        f"{len(units)} units, {len(findings)} failed",
        complete=case.command.only_mentions(_ABOUT_UNITS),
    )


def _units(case: Case) -> Iterator[tuple[int, str, str]]:
    """Yield line, unit and state from lists, from `status` and from `is-active`."""
    document, title = case.document, ""
    asked = [word for word in case.command.words[2:] if not word.startswith("-")]
    answers = case.command.mentions(r"\bis-(active|failed)\b")
    for number in range(document.first, document.last):
        line = document.lines[number][:300]
        if match := _LISTED.match(line):
            yield number, match["unit"], match["active"]
        elif match := _STATUS_TITLE.match(line):
            title = match["unit"]
        elif title and (match := _STATUS.match(line)):
            yield number, title, match["active"]
            title = ""
        elif answers and line.strip() in _STATES and asked:
            yield number, asked.pop(0), line.strip()


FAMILY: Final = Family(
    name="service",
    about=_ABOUT_UNITS,
    rules=(
        Rule(
            kind="service.failed",
            severities=(Severity.CRITICAL,),
            threshold="a unit's active state is failed",
            platforms="systemd",
            description="A systemd unit is in state failed.",
            phrase="{subject} has failed",
            example=Example(
                "linux",
                "systemctl --failed",
                "  UNIT          LOAD   ACTIVE SUB    DESCRIPTION\n"
                "● nginx.service loaded failed failed A high performance web server\n",
            ),
        ),
    ),
    read=_read,
)
