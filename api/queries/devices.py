"""Devices, and what is open on them."""

from collections.abc import Sequence

from api.queries.statement import Statement
from sinks.tables import COMMANDS, DEVICE_LIST

_LATEST = "argMax(c.findings.severity, (c.started_at, c.event_id))"


def devices(*, after: str, rows: int) -> Statement:
    """Return the query for devices in the order of their ids, from the first one past `after`."""
    clauses = (
        "SELECT device_id, hostname, os_type, last_verdict,",
        "formatDateTime(d.last_seen, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS last_seen",
        f"FROM {DEVICE_LIST} AS d",
        "WHERE tenant_id = {tenant:String} AND device_id > {after:String}",
        "ORDER BY device_id LIMIT {rows:UInt32}",
    )
    return Statement("devices", "\n".join(clauses), {"after": after, "rows": rows})


def device_counts(device_ids: Sequence[str]) -> Statement:
    """Return the query for the devices' executions, and for what the latest run of each command found."""
    latest_runs = (
        f"SELECT c.device_id AS device_id, count() AS runs, {_LATEST} AS latest",
        f"FROM {COMMANDS} AS c FINAL",
        "PREWHERE c.tenant_id = {tenant:String} AND c.device_id IN {devices:Array(String)}",
        "GROUP BY c.device_id, c.command",
        "SETTINGS do_not_merge_across_partitions_select_final = 1",
    )
    clauses = (
        "SELECT device_id, sum(runs) AS events, sum(countEqual(latest, 'info')) AS info,",
        "sum(countEqual(latest, 'warning')) AS warning, sum(countEqual(latest, 'critical')) AS critical",
        "FROM (",
        *latest_runs,
        ") GROUP BY device_id",
    )
    return Statement("device_counts", "\n".join(clauses), {"devices": list(device_ids)})
