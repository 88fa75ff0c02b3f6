"""What people type reaches the tables of next commands through real sinks, however old the database is."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.topics import ANALYSES, ANALYZED, DEAD
from sinks.clickhouse import connect
from sinks.migrator import Migrator, migrations
from sinks.settings import SinkSettings
from tests.services.topics import TopicFactory
from tests.sinks.events import value
from tests.sinks.sink_process import SinkProcess, publish, query, wait_for

NEXT = (
    "SELECT uniqCombined64Merge(15)(events) FROM next_commands "
    "WHERE previous = 'show version' AND command = 'show clock'"
)
FREQUENT = "SELECT max(runs) FROM habits WHERE previous = '' AND command = 'show clock'"
TYPED: dict[str, Any] = {"user_id": "alice", "status": "OK", "findings": [], "device_id": "device-1"}


@pytest.fixture
def settings(kafka: str, topic_factory: TopicFactory, clickhouse_url: str, clickhouse_database: str) -> SinkSettings:
    prefix = topic_factory.prefixed(ANALYZED, ANALYSES, DEAD, partitions=1)
    return SinkSettings(
        kafka_bootstrap_servers=kafka,
        clickhouse_url=clickhouse_url,
        clickhouse_database=clickhouse_database,
        kafka_topic_prefix=prefix,
        sink_group=f"{prefix}sink",
    )


@pytest.fixture
def sinks(settings: SinkSettings, tmp_path: Path) -> Iterator[list[SinkProcess]]:
    options = {"NETCOPILOT_SINK_ROLL_UP_SECONDS": "0.1"}
    processes = [SinkProcess(settings, tmp_path / f"sink-{number}.log", options) for number in range(2)]
    yield processes
    for process in processes:
        process.end(signal.SIGKILL)


def _session(number: int) -> list[bytes | None]:
    commands = ("show version", "show clock")
    return [value(command=command, session_id=f"s-{number}", **TYPED) for command in commands]


def test_two_sinks_count_what_people_typed_once(settings: SinkSettings, sinks: list[SinkProcess]) -> None:
    for sink in sinks:
        sink.start()
    publish(settings, [event for number in range(20) for event in _session(number)])
    wait_for(lambda: query(settings, NEXT) == query(settings, FREQUENT) == 20, "20 steps")
    publish(settings, _session(20))
    wait_for(lambda: query(settings, NEXT) == query(settings, FREQUENT) == 21, "one more")
    assert [sink.end(signal.SIGTERM) for sink in sinks] == [0, 0]


def test_history_of_the_release_before_is_taken_in(settings: SinkSettings, sinks: list[SinkProcess]) -> None:
    client = connect(settings, database=settings.clickhouse_database)
    try:
        Migrator(client, tuple(migration for migration in migrations() if migration.version < 6)).run()
        client.command(
            "INSERT INTO commands (event_id, user_id, session_id, os_type, started_at, command) SELECT "
            "generateUUIDv7(number), 'alice', 's', 'ios', now64(6) + number, "
            "['show version', 'show clock'][number + 1] FROM numbers(2)"
        )
        assert "0006_next_commands" in Migrator(client, migrations()).run()
    finally:
        client.close()
    sinks[0].start()
    wait_for(lambda: query(settings, NEXT) == 1, "the step that was there before")
