"""One execution in full."""

from uuid import UUID

from api.queries import columns
from api.queries.statement import Statement
from sinks.tables import COMMANDS


def detail(event_id: UUID) -> Statement:
    """Return the query for an execution: the id's own time picks the partition, a bloom filter the granule."""
    return _one("detail", columns.DETAIL, event_id)


def analysed(event_id: UUID) -> Statement:
    """Return the query for what of an execution fills its explanation."""
    return _one("analysed", columns.ANALYSED, event_id)


def _one(name: str, selected: str, event_id: UUID) -> Statement:
    clauses = (
        f"SELECT {selected}",
        f"FROM {COMMANDS} AS c FINAL",
        "PREWHERE c.tenant_id = {tenant:String} AND c.event_id = {event_id:UUID} LIMIT 1",
    )
    return Statement(name, "\n".join(clauses), {"event_id": str(event_id)})
