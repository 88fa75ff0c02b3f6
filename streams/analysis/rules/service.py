"""systemd units that failed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import NOTHING, Excerpt, Finding, Severity
from streams.analysis.json_records import records
from streams.analysis.quoting import quote_members
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_ABOUT_UNITS: Final = r"\bsystemctl\b|\bservice\s+\S+\s+status\b"
_UNIT: Final = r"[\w@:.\\-]+\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)"
_LISTED: Final = re.compile(
    rf"^\s*(?:[●*x\u00d7]\s*)?(?P<unit>{_UNIT})\s+(?P<load>loaded|not-found|masked|error|bad-setting)\s+(?P<active>\w+)\s+\S+"
)
_STATUS_TITLE: Final = re.compile(rf"^\s*(?:[●*x\u00d7○↻]\s*)?(?P<unit>{_UNIT})(?: - .*)?$")
_STATUS: Final = re.compile(r"^\s+Active: (?P<active>\w+)")
_PROPERTY: Final = re.compile(rf"^(?:Id=(?P<unit>{_UNIT})|ActiveState=(?P<active>\w+))$")
_OVERVIEW: Final = re.compile(r"^\s+Failed: (?P<count>[1-9]\d*) units\b")
_NONE_LISTED: Final = re.compile(r"^0 loaded units listed\b")
_VALUED: Final = frozenset({"-p", "-P", "--property", "-H", "-M"})
_LONGEST_LINE: Final = 300
_STATES: Final = frozenset({"active", "inactive", "failed", "activating", "deactivating", "reloading", "maintenance"})


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    state: str
    quote: Excerpt


def _read(case: Case) -> Reading:
    units = [unit for unit in _units(case) if unit.state in _STATES]
    if not units and not any(_NONE_LISTED.match(line) for line in case.document.body):
        return NOTHING_READ
    findings = tuple(
        Finding.quoting(unit.quote, "service.failed", Severity.CRITICAL, unit.name, {"state": unit.state})
        for unit in units
        if unit.state == "failed"
    )
    facts = {"units": str(len(units)), "units_failed": str(len(findings))}
    return Reading(
        findings,
        facts,
        f"{len(units)} units, {len(findings)} failed",
        complete=case.command.only_mentions(_ABOUT_UNITS),
    )


def _units(case: Case) -> Iterator[_Unit]:
    if case.parse.parser == "json":
        return _from_json(case)
    if case.command.mentions(r"\bis-(active|failed)\b"):
        return _from_answers(case)
    if case.command.mentions(r"\bsystemctl\s+(\S+\s+)*show\b"):
        return _from_properties(case)
    return _from_lines(case.document)


def _from_lines(document: Document) -> Iterator[_Unit]:
    """Yield the units of a list, those whose status is shown below their title, and what an overview counts."""
    title = ""
    for number in range(document.first, document.last):
        line = document.lines[number][:_LONGEST_LINE].rstrip()
        if match := _LISTED.match(line):
            yield _Unit(match["unit"], match["active"], document.quote(number))
        elif match := _STATUS_TITLE.match(line):
            title = match["unit"]
        elif title and (match := _STATUS.match(line)):
            yield _Unit(title, match["active"], document.quote(number))
            title = ""
        elif match := _OVERVIEW.match(line):
            yield _Unit(f"{match['count']} units", "failed", document.quote(number))


def _from_answers(case: Case) -> Iterator[_Unit]:
    """Yield the states that `is-active` and `is-failed` answer with, one a line and unit asked for."""
    asked = [word for word in case.command.words[2:] if not word.startswith("-")]
    document = case.document
    for number in range(document.first, document.last):
        state = document.lines[number][:_LONGEST_LINE].strip()
        if state in _STATES and asked:
            yield _Unit(asked.pop(0), state, document.quote(number))


def _from_properties(case: Case) -> Iterator[_Unit]:
    """Yield what `systemctl show` tells, a blank line between units; the name may be shown after the state."""
    document = case.document
    name, state, line = "", "", 0
    for number in range(document.first, document.last):
        text = document.lines[number][:_LONGEST_LINE].rstrip()
        match = _PROPERTY.match(text)
        name = (match and match["unit"]) or name
        if match and match["active"]:
            state, line = match["active"], number
        if state and (not text or number == document.last - 1):
            yield _Unit(name or _shown_unit(case.command.words), state, document.quote(line))
            name, state = "", ""


def _shown_unit(words: Sequence[str]) -> str:
    """Return the unit that `systemctl show` was asked for: no option, and no option's value."""
    behind_verb = list(words)[list(words).index("show") + 1 :]
    before = ["", *behind_verb]
    named = (word for word, option in zip(behind_verb, before, strict=False) if option not in _VALUED)
    return next((word for word in named if not word.startswith("-")), "manager")


def _from_json(case: Case) -> Iterator[_Unit]:
    """Yield the units of `systemctl -o json`, and of jc."""
    for record in records(case.parse.data):
        name, state = record.text("unit"), record.text("active")
        if name and state:
            paths = [((*record.path, "unit"), (*record.path, "active"))]
            quote = quote_members(case.document, paths)[0] if state == "failed" else NOTHING
            yield _Unit(name, state, quote)


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
