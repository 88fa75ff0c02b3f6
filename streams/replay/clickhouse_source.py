"""History as table `commands` holds it, beyond what Kafka keeps."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self, cast
from uuid import UUID

from runtime.errors import ConfigurationError
from schemas import wire
from schemas.catalog import RegisteredSchema
from schemas.codec import encode
from schemas.errors import DatumError
from schemas.event import EPOCH, FIELD_NAMES, CommandExecuted
from schemas.headers import for_execution
from streams.replay.known import COLUMNS, analysis_of
from streams.replay.scope import Scope
from streams.replay.source import Past, Stretch
from streams.replay.tables import Row, Tables, statement

_PAGE_ROWS: Final = 5_000
"""Rows that are read at once: ClickHouse begins each page with a look at all that follows."""
_NO_TIME: Final = datetime(1900, 1, 1, tzinfo=UTC)
_SELECTED: Final = """
({tenant:String} = '' OR c.tenant_id = {tenant:String})
    AND ({device:String} = '' OR c.device_id = {device:String})
    AND ({os_type:String} = '' OR c.os_type = {os_type:String})
    AND startsWith(c.command, {command:String})
    AND c.event_time >= {since:DateTime64(3, 'UTC')}
    AND c.event_time < {until:DateTime64(3, 'UTC')}
"""
_AFTER: Final = """
(c.tenant_id > {after_tenant:String} OR c.tenant_id = {after_tenant:String}
    AND (c.device_id > {after_device:String} OR c.device_id = {after_device:String}
        AND (c.started_at > fromUnixTimestamp64Micro({after_started:Int64}, 'UTC')
            OR c.started_at = fromUnixTimestamp64Micro({after_started:Int64}, 'UTC')
                AND c.event_id > {after_event:UUID})))
"""
_FIELDS: Final = ", ".join(f"c.{name} AS {name}" for name in FIELD_NAMES)
_COUNT: Final = statement("SELECT count() AS count FROM commands AS c WHERE", _SELECTED, "AND", _AFTER)
_PAGE: Final = statement(
    "SELECT c.kafka_partition AS kafka_partition,",
    f"{_FIELDS},",
    COLUMNS,
    "FROM commands AS c FINAL WHERE",
    _SELECTED,
    "AND",
    _AFTER,
    "ORDER BY c.tenant_id, c.device_id, c.started_at, c.event_id LIMIT {rows:UInt32}",
    "SETTINGS do_not_merge_across_partitions_select_final = 1",
)


@dataclass(frozen=True, slots=True)
class _Key:
    """A place in the order of the table; `started` in microseconds since the Unix epoch."""

    tenant: str = ""
    device: str = ""
    started: int = 0
    event: str = str(UUID(int=0))

    @classmethod
    def parse(cls, position: str) -> Self:
        return cls(*json.loads(position))

    def __str__(self) -> str:
        return json.dumps([self.tenant, self.device, self.started, self.event])

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "after_tenant": self.tenant,
            "after_device": self.device,
            "after_started": self.started,
            "after_event": self.event,
        }


class ClickHouseSource:
    """Reads rows in the order of their key, a page at a time, and makes of each the message that it was.

    What a row does not keep is made anew: the headers, by the event's own fields. A position is the last row's key.
    """

    def __init__(self, tables: Tables, scope: Scope, schema: RegisteredSchema, *, together: int) -> None:
        """Write events by `schema`, at most `together` of them a stretch.

        Raises:
            ConfigurationError: the scope is one of offsets.

        """
        if scope.begin.moment is None or (scope.end is not None and scope.end.moment is None):
            raise ConfigurationError("offsets are places in Kafka: name times, or leave --source clickhouse out")
        selection = scope.selection
        self._tables = tables
        self._schema = schema
        self._together = together
        self._selected = {
            "tenant": selection.tenant,
            "device": selection.device,
            "os_type": selection.os_type,
            "command": selection.command,
            "since": selection.since or _NO_TIME,
            "until": selection.until,
        }

    def begin(self) -> str:
        """Return the position before the first row."""
        return str(_Key())

    def remaining(self, position: str) -> int:
        """Return how many rows there are behind a position."""
        return int(self._ask(_COUNT, _Key.parse(position))[0]["count"])

    def stretches(self, position: str) -> Iterator[Stretch]:
        """Yield what follows a position."""
        key = _Key.parse(position)
        while page := self._ask(_PAGE, key, rows=_PAGE_ROWS):
            for begin in range(0, len(page), self._together):
                rows = page[begin : begin + self._together]
                key = _key_of(rows[-1])
                yield self._stretch(rows, key)

    def _ask(self, query: str, key: _Key, **more: int) -> list[Row]:
        return list(self._tables.ask(query, {**self._selected, **key.parameters, **more}))

    def _stretch(self, rows: Sequence[Row], end: _Key) -> Stretch:
        now = time.time_ns() // 1_000_000
        events = [self._past(_record(row), row, now) for row in rows]
        return Stretch(events, str(end), len(rows), {row["event_id"]: analysis_of(row) for row in rows})

    def _past(self, record: dict[str, Any], row: Row, now: int) -> Past:
        event = CommandExecuted(**record)
        return Past(
            place=f"event {event.event_id}",
            partition=row["kafka_partition"],
            offset=0,
            timestamp=now,
            key=event.key,
            value=self._value(event),
            headers=cast("list[tuple[str, bytes]]", for_execution(event)),
        )

    def _value(self, event: CommandExecuted) -> bytes:
        try:
            return wire.frame(self._schema.schema_id, encode(self._schema, event.record()))
        except DatumError:
            return b""


def _record(row: Row) -> dict[str, Any]:
    times = {name: row[name].replace(tzinfo=UTC) for name in ("started_at", "ended_at")}
    return {name: row[name] for name in FIELD_NAMES} | times


def _key_of(row: Row) -> _Key:
    started = row["started_at"].replace(tzinfo=UTC) - EPOCH
    microseconds = (started.days * 86_400 + started.seconds) * 1_000_000 + started.microseconds
    return _Key(row["tenant_id"], row["device_id"], microseconds, str(row["event_id"]))
