"""What the topics hold, as a table beside the tables they are compared with, for as long as a verification takes."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from clickhouse_connect.driver.client import Client

from runtime.clickhouse import judged
from sinks.verification.position import Position
from sinks.verification.sighting import Sighting, Source
from sinks.verification.statements import statement

_PREFIX: Final = "verification_"
_IDS_AT_ONCE: Final = 1_000_000
"""Event ids that a statement holds in memory at once, about 100 MB."""
_COLUMNS: Final = {
    "source": "Enum8('executed' = 1, 'analyzed' = 2, 'dead' = 3)",
    "kafka_partition": "Int32",
    "kafka_offset": "Int64",
    "due": "Bool",
    "event_id": "UUID",
    "readable": "Bool",
    "tenant_id": "String",
    "agent_id": "String",
    "sequence": "Int64",
    "started_at": "Int64",
}
_SEEN: Final = """
CREATE VIEW {seen} AS
SELECT tenant_id, agent_id, sequence, event_id, event_time, toUnixTimestamp64Micro(started_at) AS started
FROM commands
UNION ALL
SELECT tenant_id, agent_id, sequence, event_id, event_time, started_at AS started
FROM {ledger}
WHERE readable
"""
"""Every event that is a row or a message, once for each time it is."""
_DERIVED: Final = {"event_time": "DateTime64(3, 'UTC') ALIAS UUIDv7ToDateTime(event_id, 'UTC')"}

Rows = Sequence[Sequence[Any]]


class Ledger:
    """Sightings of events in topics, and questions to them and to the table of commands.

    A statement that is asked in shares holds the event ids of one share in memory at a time. Every method may raise
    TransientError or ConfigurationError.
    """

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name
        self._shares = 1

    def add(self, source: Source, sightings: Sequence[Sighting], positions: Mapping[int, Position]) -> None:
        """Take sightings in; those before a partition's position are due."""
        rows = [_row(source, sighting, positions.get(sighting.partition)) for sighting in sightings]
        if rows:
            with judged():
                self._client.insert(
                    self._name, rows, column_names=list(_COLUMNS), column_type_names=list(_COLUMNS.values())
                )

    def settle(self) -> None:
        """Note that all topics are read: statements are now cut so that each holds a bounded number of ids."""
        rows = self.ask("size", {})
        self._shares = int(rows[0][0]) // _IDS_AT_ONCE + 1

    def ask(self, name: str, parameters: Mapping[str, Any]) -> Rows:
        """Return the rows of a statement (see `sinks.verification.statements`)."""
        with judged():
            answer = self._client.query(statement(name), parameters={**parameters, **_names(self._name)})
        return answer.result_rows

    def ask_in_shares(self, name: str, parameters: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
        """Yield the rows of a statement that is asked once for each share of the event ids."""
        for share in range(self._shares):
            yield from self.ask(name, {**parameters, "share": share, "shares": self._shares})


@contextmanager
def open_ledger(client: Client) -> Iterator[Ledger]:
    """Make an empty ledger, and remove it at the end; those of verifications that were killed go after a day.

    Raises:
        TransientError: ClickHouse did not answer.
        ConfigurationError: it does not allow to make a table.

    """
    name = _PREFIX + uuid.uuid4().hex
    columns = ", ".join(f"{column} {kind}" for column, kind in {**_COLUMNS, **_DERIVED}.items())
    with judged():
        _sweep(client)
        client.command(f"CREATE TABLE {name} ({columns}) ENGINE = MergeTree ORDER BY (source, kafka_partition)")
        client.command(_SEEN.format(**_names(name)))
    try:
        yield Ledger(client, name)
    finally:
        with judged():
            for table in reversed(_names(name).values()):
                client.command(f"DROP TABLE IF EXISTS {table}")


def _names(ledger: str) -> dict[str, str]:
    return {"ledger": ledger, "seen": f"{ledger}_seen"}


def _sweep(client: Client) -> None:
    old = client.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, {prefix:String}) "
        "AND metadata_modification_time < now() - INTERVAL 1 DAY",
        parameters={"prefix": _PREFIX},
    )
    for (name,) in old.result_rows:
        client.command(f"DROP TABLE IF EXISTS {name}")


def _row(source: Source, sighting: Sighting, position: Position | None) -> tuple[Any, ...]:
    place = (
        source.value,
        sighting.partition,
        sighting.offset,
        position is not None and position.covers(sighting.offset),
    )
    head = sighting.head
    if head is None:
        return (*place, sighting.key, False, "", "", 0, 0)
    return (*place, sighting.key, True, head.tenant_id, head.agent_id, head.sequence, head.started_at)
