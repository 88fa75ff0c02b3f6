"""Holding new analyses against those that the table has."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from schemas.codec import decode
from schemas.errors import DatumError
from streams.analysis.analysis import Analysis
from streams.replay.reanalysis import Reanalyzed
from streams.replay.tally import Tally

_NO_ROW = "-"


def changed(events: Sequence[Reanalyzed], known: Mapping[UUID, Analysis], tally: Tally) -> list[Reanalyzed]:
    """Return the events whose row is missing or says anything else than their analysis, and count what changed."""
    found = [event for event in events if not _is_same(event, known.get(event.opened.event_id))]
    tally.unchanged += len(events) - len(found)
    for event in found:
        _count(event, known.get(event.opened.event_id), tally)
    return found


def _is_same(event: Reanalyzed, before: Analysis | None) -> bool:
    if before is None:
        return False
    try:
        return event.opened.sighted.plan.encoder.shared_part(before) == event.shared
    except DatumError:
        return False  # older releases may have written what the schema of today does not say


def _count(event: Reanalyzed, before: Analysis | None, tally: Tally) -> None:
    after: Mapping[str, Any] = decode(event.opened.sighted.plan.encoder.shared, event.shared)
    old = before.verdict if before is not None else _NO_ROW
    if old != after["verdict"]:
        tally.verdicts[old, after["verdict"]] += 1
    kinds = sorted(finding.kind for finding in before.findings) if before is not None else []
    if kinds != sorted(finding["kind"] for finding in after["findings"]):
        tally.findings_changed += 1
