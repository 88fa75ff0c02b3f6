"""What people typed next, and the execution that somebody is looking at."""

from datetime import date, timedelta
from uuid import UUID

from api.queries.statement import Parameter, Statement
from api.suggestions.situation import Situation
from sinks.tables import ANALYSES, COMMANDS, FREQUENT_COMMANDS, NEXT_COMMANDS

HALF_LIFE_DAYS = 21
"""After as many days a run weighs half as much; the sinks count what is frequent by the same measure."""
_MOST_FORMS = 300
"""What is rarer is nobody's next command."""
_FORGOTTEN = timedelta(days=8 * HALF_LIFE_DAYS)
"""After as long a run weighs less than half a hundredth, and is not read at all."""
_DEVICE_ROWS = 200
_ONE_THREAD = "SETTINGS max_threads = 1"
"""Some thousand rows at most: sharing them out takes longer than reading them."""
_LAST_USED = "formatDateTime({}, '%Y-%m-%dT%H:%i:%S.000000Z', 'UTC') AS last_used"
_EXECUTION = (
    "toString(c.os_type) AS os_type, c.command AS command, toString(c.verdict) AS verdict, "
    "lower(hex(c.fingerprint)) AS fingerprint, c.findings AS findings, c.facts AS facts"
)


def followers(situation: Situation, *, today: date) -> Statement:
    """Return the query for what people typed after the last command, with weights by age, counted by the week.

    Rows: command (a form), weight, verdict_weight (of the runs after one that showed the same verdict), count, failed,
    denied, users, last_used.
    """
    by_week = (
        "SELECT command, verdict, uniqCombined64MergeState(15)(n.users) AS users,",
        "exp2(-greatest(dateDiff('day', week, {today:Date}) - 3, 0) / {half_life:UInt32}) AS decay,",
        "uniqCombined64Merge(15)(n.events) AS made, uniqCombined64Merge(15)(n.withdrawn) AS taken_back,",
        "if(made > taken_back, made - taken_back, 0) AS runs,",
        "uniqCombined64Merge(15)(n.failed) AS failed, uniqCombined64Merge(15)(n.denied) AS denied,",
        "max(n.last_used) AS last_used",
        f"FROM {NEXT_COMMANDS} AS n",
        "WHERE tenant_id = {tenant:String} AND os_type = {os_type:String} AND previous = {previous:String}",
        "AND week >= {since:Date} AND startsWith(lower(command), {stem:String})",
        "GROUP BY command, verdict, week",
    )
    clauses = (
        "SELECT command, sum(runs * decay) AS weight,",
        "sumIf(runs * decay, verdict = {verdict:String}) AS verdict_weight, sum(runs) AS count,",
        "least(sum(w.failed), count) AS failed, least(sum(w.denied), count) AS denied,",
        f"uniqCombined64Merge(15)(w.users) AS users, {_LAST_USED.format('max(w.last_used)')}",
        "FROM (",
        *by_week,
        ") AS w WHERE runs > 0 GROUP BY command",
        "ORDER BY weight DESC, command LIMIT {forms:UInt32}",
        _ONE_THREAD,
    )
    parameters = _form_parameters(situation) | {
        "previous": situation.previous,
        "verdict": situation.verdict,
        "half_life": HALF_LIFE_DAYS,
        "today": today.isoformat(),
        "since": (today - _FORGOTTEN).isoformat(),
    }
    return Statement("suggestion_followers", "\n".join(clauses), parameters)


def frequent(situation: Situation) -> Statement:
    """Return the query for what people type on such systems, whatever came before.

    Rows as of `followers`, but each weight is relative to the greatest, and there is none by verdict.
    """
    clauses = (
        "SELECT command, exp2(max(f.weight) - max(max(f.weight)) OVER ()) AS weight, 0 AS verdict_weight,",
        "max(f.runs) AS count, least(max(f.failed), count) AS failed, least(max(f.denied), count) AS denied,",
        f"max(f.users) AS users, {_LAST_USED.format('max(f.last_used)')}",
        f"FROM {FREQUENT_COMMANDS} AS f",
        "WHERE tenant_id = {tenant:String} AND os_type = {os_type:String}",
        "AND startsWith(lower(command), {stem:String})",
        "GROUP BY command ORDER BY weight DESC, command LIMIT {forms:UInt32}",
        _ONE_THREAD,
    )
    return Statement("suggestion_frequent", "\n".join(clauses), _form_parameters(situation))


def _form_parameters(situation: Situation) -> dict[str, Parameter]:
    return {"os_type": situation.os_type, "stem": situation.stem, "forms": _MOST_FORMS}


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
