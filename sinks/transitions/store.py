"""What the roll-up asks of ClickHouse. Every method may raise TransientError or ConfigurationError."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import islice

from clickhouse_connect.driver.client import Client

from sinks.clickhouse import judged
from sinks.tables import NEXT_COMMAND_STEPS, SWEEPS
from sinks.transitions.steps import PAUSE, Step, Window
from sinks.transitions.typed import Typed

_INSERT_ROWS = 10_000
_COUNTED_FORMS = 500
"""Counted anew in one statement, whose parameters are part of a URL."""
_LAST_SECOND = 2**32 - 1
"""ClickHouse's DateTime ends there."""

_DONE_UNTIL = "SELECT max(done_until) FROM sweeps WHERE sweep = {sweep:String}"

_ARRIVALS = """
SELECT toUnixTimestamp64Micro(max(inserted_at))
FROM (
    SELECT inserted_at FROM typed_commands
    WHERE inserted_at > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
        AND inserted_at <= now64(6) - toIntervalMillisecond({settled:UInt64})
    ORDER BY inserted_at LIMIT {rows:UInt64})
HAVING count() > 0
"""

_SITTINGS = """
WITH touched AS (
    SELECT
        tenant_id,
        sitting,
        min(started_at) - toIntervalSecond({pause:UInt32}) AS begin,
        max(started_at) + toIntervalSecond({pause:UInt32}) AS end
    FROM typed_commands
    WHERE inserted_at > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
        AND inserted_at <= fromUnixTimestamp64Micro({until:Int64}, 'UTC')
    GROUP BY tenant_id, sitting)
SELECT
    t.tenant_id, t.sitting, toUnixTimestamp64Micro(t.started_at), t.event_id, t.user_id, t.os_type, t.command, t.status,
    t.verdict, t.finding_kinds, toUnixTimestamp64Micro(t.inserted_at)
FROM typed_commands AS t
INNER JOIN touched ON t.tenant_id = touched.tenant_id AND t.sitting = touched.sitting
WHERE (t.tenant_id, t.sitting) IN (SELECT tenant_id, sitting FROM touched)
    AND t.started_at >= touched.begin AND t.started_at <= touched.end
ORDER BY t.tenant_id, t.sitting, t.started_at, t.sequence, t.event_id
"""
"""The columns of `Typed`."""

_FREQUENT = """
INSERT INTO frequent_commands
SELECT
    tenant_id,
    os_type,
    command,
    log2(sum(made * exp2((dateDiff('day', toDate('2026-01-01'), week) + 3) / 21))),
    sum(made),
    sum(week_failed),
    sum(week_denied),
    uniqCombined64Merge(15)(week_users),
    max(week_used)
FROM (
    SELECT
        tenant_id,
        os_type,
        command,
        week,
        uniqCombined64Merge(15)(events) AS made,
        uniqCombined64Merge(15)(failed) AS week_failed,
        uniqCombined64Merge(15)(denied) AS week_denied,
        uniqCombined64MergeState(15)(users) AS week_users,
        max(last_used) AS week_used
    FROM next_commands
    WHERE tenant_id = {tenant:String} AND os_type = {os_type:String} AND previous = ''
        AND command IN {commands:Array(String)}
    GROUP BY tenant_id, os_type, command, week)
GROUP BY tenant_id, os_type, command
"""


@dataclass(frozen=True, slots=True)
class _StepRow:
    """The columns of `next_command_steps`."""

    tenant_id: str
    os_type: str
    previous: str
    verdict: str
    command: str
    event_id: str
    user_id: str
    outcome: str
    withdrawn: bool
    used_at: int


class TransitionStore:
    """Reads what was typed, and writes the steps between."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def done_until(self, sweep: str) -> int:
        """Return up to which arrival a sweep has come, microseconds since the Unix epoch; 0 where it never ran."""
        with judged():
            found = self._client.query(_DONE_UNTIL, parameters={"sweep": sweep}).result_rows
        return int(found[0][0])

    def keep_done_until(self, sweep: str, moment: int) -> None:
        """Note up to which arrival a sweep has come; it never goes back."""
        with judged():
            self._client.insert(SWEEPS, [[sweep, moment]], column_names=["sweep", "done_until"])

    def next_arrival(self, since: int, *, rows: int, settled_seconds: float) -> int | None:
        """Return the last moment of the next `rows` arrivals that are `settled_seconds` old; None without any."""
        parameters = {"since": since, "rows": rows, "settled": round(settled_seconds * 1000)}
        with judged():
            found = self._client.query(_ARRIVALS, parameters=parameters).result_rows
        return int(found[0][0]) if found else None

    def sittings(self, window: Window) -> Iterator[Typed]:
        """Yield the commands of all sittings in which something arrived, in their order, a block at a time."""
        parameters = {"since": window.since, "until": window.until, "pause": round(PAUSE.total_seconds())}
        with judged(), self._client.query_rows_stream(_SITTINGS, parameters=parameters) as rows:
            for row in rows:
                yield Typed(*row)

    def write(self, steps: Iterable[Step]) -> int:
        """Write steps, count anew how frequent their commands are, and return how many steps there were."""
        rows = filter(None, map(_row, steps))
        written = 0
        typed: dict[tuple[str, str], set[str]] = {}
        while block := list(islice(rows, _INSERT_ROWS)):
            self._insert(block)
            written += len(block)
            for row in block:
                typed.setdefault((row.tenant_id, row.os_type), set()).add(row.command)
        for (tenant_id, os_type), commands in typed.items():
            self._count_frequent(tenant_id, os_type, sorted(commands))
        return written

    def _count_frequent(self, tenant_id: str, os_type: str, commands: Sequence[str]) -> None:
        for start in range(0, len(commands), _COUNTED_FORMS):
            some = commands[start : start + _COUNTED_FORMS]
            parameters = {"tenant": tenant_id, "os_type": os_type, "commands": some}
            with judged():
                self._client.command(_FREQUENT, parameters=parameters)

    def _insert(self, block: Sequence[_StepRow]) -> None:
        names = [field.name for field in fields(_StepRow)]
        with judged():
            self._client.insert(NEXT_COMMAND_STEPS, [astuple(row) for row in block], column_names=names)


def _row(step: Step) -> _StepRow | None:
    """Return a step's row; None where one of its commands has no form to speak of."""
    typed, previous = step.command, step.previous
    if not typed.form.text or (previous is not None and not previous.form.key):
        return None
    return _StepRow(
        tenant_id=typed.tenant_id,
        os_type=typed.os_type,
        previous=previous.form.key if previous else "",
        verdict=previous.verdict if previous else "",
        command=typed.form.text,
        event_id=str(typed.event_id),
        user_id=typed.user_id,
        outcome=typed.outcome,
        withdrawn=step.withdrawn,
        used_at=min(max(typed.started_at // 1_000_000, 0), _LAST_SECOND),
    )
