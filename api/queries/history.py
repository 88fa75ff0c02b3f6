"""Executions, newest first, a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.models.history_query import HistoryParameters
from api.queries import columns
from api.queries.statement import Parameter, Statement
from api.timepoint import epoch_microseconds
from runtime.timepoint import parse_timepoint
from sinks.tables import COMMANDS

_MICROSECOND = "fromUnixTimestamp64Micro({%s:Int64}, 'UTC')"

_ANY_OF = {
    "device": "c.device_id IN {device:Array(String)}",
    "user": "c.user_id IN {user:Array(String)}",
    "os_type": "c.os_type IN {os_type:Array(String)}",
    "verdict": "c.verdict IN {verdict:Array(String)}",
    "status": "c.status IN {status:Array(String)}",
    "finding": "hasAny(c.findings.kind, {finding:Array(String)})",
}
_ONE = {
    "command": "startsWith(c.command, {command:String})",
    "q": (
        "(positionCaseInsensitiveUTF8(c.command, {q:String}) > 0 OR positionCaseInsensitiveUTF8(c.summary, {q:String}) "
        "> 0 OR positionCaseInsensitiveUTF8(c.output, {q:String}) > 0)"
    ),
}
_KEY_FILTERS = frozenset({"device"})


@dataclass(frozen=True, slots=True)
class Place:
    """An execution's place in the order of all: by start, then by id as ClickHouse compares ids."""

    started_us: int
    """Microseconds since the Unix epoch."""
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Bounds:
    """The stretch of time a page is looked for in, in microseconds since the Unix epoch."""

    since_us: int | None
    until_us: int | None
    """Exclusive."""
    after: Place | None
    """The last execution of the page before."""


def bounds(asked: HistoryParameters, *, after: Place | None, now: datetime) -> Bounds:
    """Return the bounds that the parameters and the cursor set."""
    return Bounds(since_us=_micros(asked.since, now), until_us=_micros(asked.until, now), after=after)


def history(asked: HistoryParameters, where: Bounds) -> Statement:
    """Return the query for up to one execution more than the page holds, newest first.

    FINAL makes an event that was delivered twice one row. Conditions on the sorting key go before it (PREWHERE),
    where they decide what is read; all others after it, where they see the newest version only.
    """
    keys = ["c.tenant_id = {tenant:String}"]
    others: list[str] = []
    parameters: dict[str, Parameter] = {"rows": asked.limit + 1}
    for name, condition in (_ANY_OF | _ONE).items():
        value = getattr(asked, name)
        if value:
            (keys if name in _KEY_FILTERS else others).append(condition)
            parameters[name] = value
    for condition, bound in _time_conditions(where):
        keys.append(condition)
        parameters |= bound
    clauses = (
        f"SELECT {columns.ITEM}",
        f"FROM {COMMANDS} AS c FINAL",
        f"PREWHERE {' AND '.join(keys)}",
        f"WHERE {' AND '.join(others)}" if others else "",
        "ORDER BY c.started_at DESC, c.event_id DESC",
        "LIMIT {rows:UInt32}",
        "SETTINGS do_not_merge_across_partitions_select_final = 1",
    )
    return Statement("history", "\n".join(clauses), parameters)


def _time_conditions(where: Bounds) -> list[tuple[str, dict[str, Parameter]]]:
    conditions: list[tuple[str, dict[str, Parameter]]] = []
    if where.since_us is not None:
        conditions.append((f"c.started_at >= {_MICROSECOND % 'since'}", {"since": where.since_us}))
    if where.until_us is not None:
        conditions.append((f"c.started_at < {_MICROSECOND % 'until'}", {"until": where.until_us}))
    if where.after is not None:
        place: dict[str, Parameter] = {"after": where.after.started_us, "after_id": str(where.after.event_id)}
        conditions.append((f"c.started_at <= {_MICROSECOND % 'after'}", place))
        conditions.append((f"(c.started_at < {_MICROSECOND % 'after'} OR c.event_id < {{after_id:UUID}})", place))
    return conditions


def _micros(text: str | None, now: datetime) -> int | None:
    return None if text is None else epoch_microseconds(parse_timepoint(text, now=now))
