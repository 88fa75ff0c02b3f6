"""Executions per step of time."""

from api.models.timeseries import Dimension
from api.queries.statement import Statement
from sinks.tables import COMMAND_COUNTS

_COLUMNS: dict[Dimension, str] = {"verdict": "verdict", "os_type": "os_type", "device": "device_id"}


def timeseries(by: Dimension, *, since: int, until: int, step: int) -> Statement:
    """Return the query for counts by step's start; all three are Unix seconds, multiples of 60."""
    clauses = (
        f"SELECT {_COLUMNS[by]} AS name, sum(commands) AS count,",
        "{since:Int64} + intDiv(toUnixTimestamp(minute) - {since:Int64}, {step:Int64}) * {step:Int64} AS at",
        f"FROM {COMMAND_COUNTS}",
        "WHERE tenant_id = {tenant:String}",
        "AND minute >= toDateTime({since:Int64}, 'UTC') AND minute < toDateTime({until:Int64}, 'UTC')",
        "GROUP BY name, at ORDER BY name, at",
    )
    return Statement("timeseries", "\n".join(clauses), {"since": since, "until": until, "step": step})
