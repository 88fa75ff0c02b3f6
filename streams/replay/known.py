"""Analyses as table `commands` has them, read to be compared."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from streams.analysis.analysis import Analysis
from streams.analysis.finding import Finding, Severity
from streams.replay.selection import created
from streams.replay.tables import Row, Tables, statement

COLUMNS: Final = (
    "lower(hex(c.fingerprint)) AS fingerprint_hex, c.parser AS parser, c.parser_version AS parser_version, "
    "c.parse_status AS parse_status, c.rules_version AS rules_version, c.verdict AS verdict, c.summary AS summary, "
    "c.findings.kind AS kinds, c.findings.severity AS severities, c.findings.subject AS subjects, "
    "c.findings.evidence AS evidences, c.findings.line_start AS line_starts, c.findings.line_end AS line_ends, "
    "c.findings.facts AS finding_facts, c.facts AS facts, c.command_template AS command_template"
)
"""What of a row makes its analysis; the table is called c."""
_KNOWN: Final = statement(
    "SELECT c.event_id AS event_id,",
    COLUMNS,
    "FROM commands AS c FINAL",
    "PREWHERE c.event_time >= {since:DateTime64(3, 'UTC')} AND c.event_time <= {until:DateTime64(3, 'UTC')}",
    "AND c.event_id IN {events:Array(UUID)}",
    "SETTINGS do_not_merge_across_partitions_select_final = 1",
)
_TICK: Final = timedelta(milliseconds=1)


def known_analyses(tables: Tables, events: Sequence[UUID]) -> dict[UUID, Analysis]:
    """Return the current analyses of events; those without a row are left out.

    Raises:
        TransientError, ConfigurationError: as Tables.ask().

    """
    if not events:
        return {}
    moments = [created(event) for event in events]
    parameters = {"since": min(moments) - _TICK, "until": max(moments) + _TICK, "events": [str(e) for e in events]}
    return {row["event_id"]: analysis_of(row) for row in tables.ask(_KNOWN, parameters)}


def analysis_of(row: Row) -> Analysis:
    """Return the analysis that a row's COLUMNS hold."""
    return Analysis(
        fingerprint=bytes.fromhex(row["fingerprint_hex"]),
        parser=row["parser"],
        parser_version=row["parser_version"],
        parse_status=row["parse_status"],
        rules_version=row["rules_version"],
        verdict=row["verdict"],
        summary=row["summary"],
        findings=tuple(_findings(row)),
        facts=row["facts"],
        command_template=row["command_template"],
    )


def _findings(row: Row) -> Iterator[Finding]:
    members = ("kinds", "severities", "subjects", "evidences", "line_starts", "line_ends", "finding_facts")
    for kind, severity, *rest in zip(*(row[member] for member in members), strict=True):
        yield Finding(kind, Severity[severity.upper()], *rest)
