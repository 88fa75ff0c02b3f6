"""What people typed next, and the execution that somebody is looking at."""

from datetime import date, timedelta
from uuid import UUID

from api.queries.statement import Statement
from api.suggestions.situation import Situation
from sinks.tables import ANALYSES, COMMANDS, NEXT_COMMANDS

_MOST_FORMS = 300
"""Of those that follow a command, and of those typed on a kind of system; what is rarer is nobody's next command."""
_FORGOTTEN_HALF_LIVES = 8
"""After as many half-lives a run weighs less than half a hundredth, and is not read at all."""
_DEVICE_ROWS = 200
_EXECUTION = (
    "toString(c.os_type) AS os_type, c.command AS command, toString(c.verdict) AS verdict, "
    "lower(hex(c.fingerprint)) AS fingerprint, c.findings AS findings, c.facts AS facts"
)


def next_commands(situation: Situation, *, half_life_days: float, today: date) -> Statement:
    """Return the query for what people typed after the last command, and after anything, with weights by age.

    A run's weight is halved every `half_life_days`, counted by the week. Rows: followed (typed after the last command,
    or after anything), command (a form), weight, verdict_weight (of the runs after one that showed the same verdict),
    count, failed, denied, users, last_used.
    """
    by_week = (
        "SELECT previous, command, verdict, uniqCombined64MergeState(15)(n.users) AS users,",
        "exp2(-greatest(dateDiff('day', week, {today:Date}) - 3, 0) / {half_life:Float64}) AS decay,",
        "uniqCombined64Merge(15)(n.events) AS made, uniqCombined64Merge(15)(n.withdrawn) AS taken_back,",
        "if(made > taken_back, made - taken_back, 0) AS runs,",
        "uniqCombined64Merge(15)(n.failed) AS failed, uniqCombined64Merge(15)(n.denied) AS denied,",
        "max(n.last_used) AS last_used",
        f"FROM {NEXT_COMMANDS} AS n",
        "WHERE tenant_id = {tenant:String} AND os_type = {os_type:String} AND previous IN ('', {previous:String})",
        "AND week >= {since:Date} AND startsWith(lower(command), {stem:String})",
        "GROUP BY previous, command, verdict, week",
    )
    clauses = (
        "SELECT previous != '' AS followed, command, sum(runs * decay) AS weight,",
        "sumIf(runs * decay, verdict = {verdict:String}) AS verdict_weight, sum(runs) AS count,",
        "least(sum(w.failed), count) AS failed, least(sum(w.denied), count) AS denied,",
        "uniqCombined64Merge(15)(w.users) AS users,",
        "formatDateTime(max(w.last_used), '%Y-%m-%dT%H:%i:%S.000000Z', 'UTC') AS last_used",
        "FROM (",
        *by_week,
        ") AS w WHERE runs > 0 GROUP BY followed, command",
        "ORDER BY followed, weight DESC, command LIMIT {forms:UInt32} BY followed",
    )
    return Statement(
        "next_commands",
        "\n".join(clauses),
        {
            "os_type": situation.os_type,
            "previous": situation.previous,
            "verdict": situation.verdict,
            "stem": situation.stem,
            "half_life": str(half_life_days),
            "today": today.isoformat(),
            "since": (today - timedelta(days=half_life_days * _FORGOTTEN_HALF_LIVES)).isoformat(),
            "forms": _MOST_FORMS,
        },
    )


def executed(event_id: UUID) -> Statement:
    """Return the query for one execution as the context of suggestions."""
    clauses = (
        f"SELECT {_EXECUTION}",
        f"FROM {COMMANDS} AS c",
        "PREWHERE c.tenant_id = {tenant:String} AND c.event_id = {event_id:UUID} LIMIT 1",
    )
    return Statement("suggestion_execution", "\n".join(clauses), {"event_id": str(event_id)})


def latest(device: str, command: str) -> Statement:
    """Return the query for a device's last run of a command; of any, where it is empty, a person's before an agent's.

    Only the device's newest executions are looked at.
    """
    clauses = (
        f"SELECT {_EXECUTION}",
        "FROM (SELECT os_type, command, verdict, fingerprint, findings, facts, user_id, session_id, started_at",
        f"FROM {COMMANDS}",
        "PREWHERE tenant_id = {tenant:String} AND device_id = {device:String}",
        "ORDER BY started_at DESC LIMIT {rows:UInt32}",
        ") AS c WHERE {command:String} = '' OR c.command = {command:String}",
        "ORDER BY c.user_id != '' OR ifNull(c.session_id, '') != '' DESC, c.started_at DESC LIMIT 1",
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
