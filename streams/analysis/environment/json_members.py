"""Components from JSON answers: EOS, NX-OS, Junos, PAN-OS."""

from collections.abc import Iterator
from typing import Final

from streams.analysis.case import Case
from streams.analysis.environment.component import Component, reports_absence, trouble
from streams.analysis.json_records import Path, Record, records
from streams.analysis.quoting import quote_members

_STATES: Final = ("ps_status", "fanstatus", "alarmstatus", "hwStatus", "status", "state", "alarm", "inAlertState")
_NAMES: Final = ("psnum", "fanname", "sensor", "label", "name", "description", "item")
_SPELLINGS: Final = {"powerLoss": "power loss", "notInserted": "not inserted"}


def components(case: Case) -> Iterator[Component]:
    """Yield what a JSON answer reports as faulty or absent, in order."""
    found: list[tuple[str, str, tuple[Path, Path]]] = []
    for record in records(case.parse.data):
        if record.lacks(_STATES):
            continue
        for state_key in _STATES:
            state = _trouble(record, state_key)
            if state:
                name_key = record.name_of(*_NAMES)
                name = record.text(name_key) if name_key else record.key
                path = (*record.path, state_key)
                found.append((name, state, ((*record.path, name_key) if name_key else path, path)))
                break
    quotes = quote_members(case.document, [paths for _, _, paths in found]) if found else []
    for (name, state, _), quote in zip(found, quotes, strict=True):
        yield Component(name, state, quote, reports_absence(state))


def _trouble(record: Record, state_key: str) -> str:
    shown = record.text(state_key)
    if state_key in {"alarm", "inAlertState"}:
        return "alarm" if shown.lower() == "true" else ""
    words = _SPELLINGS.get(shown, shown)
    match = trouble(words)
    return match[0] if match else ""
