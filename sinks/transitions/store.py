"""What the roll-up asks of ClickHouse. Every method may raise TransientError or ConfigurationError."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import islice
from uuid import UUID, uuid4

from clickhouse_connect.driver.client import Client

from runtime.clickhouse import judged
from sinks.clickhouse import insert_rows
from sinks.tables import NEXT_COMMAND_STEPS, SWEEPS
from sinks.transitions.steps import PAUSE, Step, Window
from sinks.transitions.typed import Typed

_INSERT_ROWS = 10_000
_STEP_COLUMNS = (
    "pass", "tenant_id", "os_type", "previous", "verdict", "command", "event_id", "user_id", "outcome", "withdrawn",
    "used_at",
)  # fmt: skip
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

_HABITS = """
INSERT INTO habits
SELECT
    tenant_id,
    os_type,
    previous,
    command,
    sumMap(map(toString(verdict), week_runs * exp2((dateDiff('day', toDate('2026-01-01'), week) + 3) / 21))),
    sum(week_runs) AS runs,
    least(sum(week_failed), runs),
    least(sum(week_denied), runs),
    uniqCombined64Merge(15)(week_users),
    max(week_used),
    now64(6)
FROM (
    SELECT
        tenant_id,
        os_type,
        previous,
        command,
        verdict,
        week,
        uniqCombined64Merge(15)(events) AS made,
        uniqCombined64Merge(15)(withdrawn) AS taken_back,
        if(made > taken_back, made - taken_back, 0) AS week_runs,
        uniqCombined64Merge(15)(failed) AS week_failed,
        uniqCombined64Merge(15)(denied) AS week_denied,
        uniqCombined64MergeState(15)(users) AS week_users,
        max(last_used) AS week_used
    FROM next_commands
    WHERE (tenant_id, os_type, previous, command) IN (
        SELECT DISTINCT tenant_id, os_type, previous, command FROM next_command_steps WHERE pass = {pass:UUID})
    GROUP BY tenant_id, os_type, previous, command, verdict, week)
GROUP BY tenant_id, os_type, previous, command
"""


@dataclass(frozen=True, slots=True)
class _StepRow:
    """The columns of `next_command_steps`, in the order of `_STEP_COLUMNS`."""

    made_by: str
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
        insert_rows(self._client, SWEEPS, ("sweep", "done_until"), [(sweep, moment)])

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
        """Write steps, count the habits that they touch anew, and return how many steps there were."""
        made_by = uuid4()
        rows = filter(None, (_row(step, made_by) for step in steps))
        written = 0
        while block := list(islice(rows, _INSERT_ROWS)):
            self._insert(block)
            written += len(block)
        if written:
            with judged():
                self._client.command(_HABITS, parameters={"pass": str(made_by)})
        return written

    def _insert(self, block: Sequence[_StepRow]) -> None:
        insert_rows(self._client, NEXT_COMMAND_STEPS, _STEP_COLUMNS, map(astuple, block))


def _row(step: Step, made_by: UUID) -> _StepRow | None:
    """Return a step's row; None where one of its commands has no form to speak of."""
    typed, previous = step.command, step.previous
    if not typed.form.text or (previous is not None and not previous.form.key):
        return None
    return _StepRow(
        made_by=str(made_by),
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
