"""What people typed next, and the execution that somebody is looking at."""

from datetime import date
from uuid import UUID

from api.queries.statement import Parameter, Statement
from api.suggestions.situation import Situation
from sinks.tables import ANALYSES, COMMANDS, HABITS

_MOST_FORMS = 150
"""Of those typed after a command, and of all; what is rarer is nobody's next command."""
_DEVICE_ROWS = 200
_EXECUTION = (
    "toString(c.os_type) AS os_type, c.command AS command, toString(c.verdict) AS verdict, "
    "lower(hex(c.fingerprint)) AS fingerprint, c.findings AS findings, c.facts AS facts"
)


def habits(situation: Situation, *, min_users: int, today: date) -> Statement:
    """Return the query for what `min_users` people typed after the last command, and for what they type after anything.

    Rows: followed (which of the two), command (a form), weight (runs, each of which loses half in 21 days), the same of
    the runs after a command that showed the same verdict, count, failed, denied, users, last_used.
    """
    clauses = (
        "SELECT previous != '' AS followed, command,",
        "exp2(-dateDiff('day', toDate('2026-01-01'), {today:Date}) / 21) AS of_today,",
        "of_today * arraySum(mapValues(h.weights)) AS weight,",
        "of_today * h.weights[{verdict:String}] AS verdict_weight,",
        "h.runs AS count, h.failed AS failed, h.denied AS denied, h.users AS users,",
        "formatDateTime(h.last_used, '%Y-%m-%dT%H:%i:%S.000000Z', 'UTC') AS last_used",
        f"FROM {HABITS} AS h FINAL",
        "WHERE tenant_id = {tenant:String} AND os_type = {os_type:String} AND previous IN ('', {previous:String})",
        "AND startsWith(lower(command), {stem:String}) AND runs > 0 AND users >= {min_users:UInt32}",
        "ORDER BY followed, weight DESC, command LIMIT {forms:UInt32} BY followed",
        "SETTINGS max_threads = 1",
    )
    parameters: dict[str, Parameter] = {
        "os_type": situation.os_type,
        "previous": situation.previous,
        "verdict": situation.verdict,
        "stem": situation.stem,
        "min_users": min_users,
        "forms": _MOST_FORMS,
        "today": today.isoformat(),
    }
    return Statement("suggestion_habits", "\n".join(clauses), parameters)


def executed(event_id: UUID) -> Statement:
    """Return the query for one execution as the context of suggestions."""
    clauses = (
        f"SELECT {_EXECUTION}",
        f"FROM {COMMANDS} AS c",
        "PREWHERE c.tenant_id = {tenant:String} AND c.event_id = {event_id:UUID}",
        "ORDER BY c.analyzed_at DESC LIMIT 1",
    )
    return Statement("suggestion_execution", "\n".join(clauses), {"event_id": str(event_id)})


def latest(device: str, command: str) -> Statement:
    """Return the query for a device's last run of a command; of any, where it is empty, a person's before an agent's.

    Only the device's newest executions are looked at.
    """
    clauses = (
        f"SELECT {_EXECUTION}",
        "FROM (SELECT os_type, command, verdict, fingerprint, findings, facts, user_id, session_id, started_at,",
        "analyzed_at",
        f"FROM {COMMANDS}",
        "PREWHERE tenant_id = {tenant:String} AND device_id = {device:String}",
        "ORDER BY started_at DESC LIMIT {rows:UInt32}",
        ") AS c WHERE {command:String} = '' OR c.command = {command:String}",
        "ORDER BY c.user_id != '' OR ifNull(c.session_id, '') != '' DESC, c.started_at DESC, c.analyzed_at DESC",
        "LIMIT 1",
    )
    return Statement(
        "suggestion_device", "\n".join(clauses), {"device": device, "command": command, "rows": _DEVICE_ROWS}
    )


def model_suggestions(fingerprint: str) -> Statement:
    """Return the query for what a model suggests for a fingerprint (32 hexadecimal digits)."""
    clauses = (
        "SELECT confidence, suggestions",
        f"FROM {ANALYSES} FINAL",
        "PREWHERE tenant_id = {tenant:String} AND fingerprint = unhex({fingerprint:String}) LIMIT 1",
    )
    return Statement("model_suggestions", "\n".join(clauses), {"fingerprint": fingerprint})
