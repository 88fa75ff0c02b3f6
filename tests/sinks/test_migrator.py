import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from clickhouse_connect.driver.client import Client

from runtime.errors import ConfigurationError, TransientError
from sinks import tables
from sinks.clickhouse import connect
from sinks.lease import Lease
from sinks.migrator import Migration, Migrator, migrate, migrations
from sinks.settings import SinkSettings
from tests.sinks import events

LEDGER, *STEPS = migrations()


@pytest.fixture
def bare(settings: SinkSettings) -> Iterator[Client]:
    """A client of a database without tables."""
    client = connect(settings, database=settings.clickhouse_database)
    yield client
    client.close()


def test_migrations_are_numbered_without_gaps() -> None:
    assert [migration.version for migration in migrations()] == list(range(len(migrations())))


@pytest.mark.timeout(600)
def test_every_migration_may_run_again(bare: Client) -> None:
    for number, migration in enumerate(STEPS):
        known = (LEDGER, *STEPS[: number + 1])
        Migrator(bare, known).run()
        _forget(bare, migration)
        Migrator(bare, known).run()
    assert Migrator(bare, (LEDGER, *STEPS)).run() == []


@pytest.mark.timeout(600)
def test_a_migration_that_exchanges_tables_goes_on_wherever_it_broke_off(bare: Client) -> None:
    number = next(number for number, migration in enumerate(STEPS) if "EXCHANGE" in migration.text)
    Migrator(bare, (LEDGER, *STEPS[:number])).run()
    for end in range(1, len(STEPS[number].statements)):
        broken_off = replace(STEPS[number], text=";\n".join(STEPS[number].statements[:end]))
        Migrator(bare, (LEDGER, *STEPS[:number], broken_off)).run()
        _forget(bare, broken_off)
    Migrator(bare, (LEDGER, *STEPS)).run()
    engine = bare.query(
        "SELECT engine_full FROM system.tables WHERE database = currentDatabase() AND name = 'commands'"
    )
    assert engine.result_rows[0][0].startswith("ReplacingMergeTree(analyzed_at)")


def _forget(client: Client, migration: Migration) -> None:
    """Have a migration look as if its process had died before it noted the end."""
    client.command(f"DELETE FROM schema_migrations WHERE version = {migration.version}")


def test_of_an_event_the_latest_analysis_stays_whatever_the_order(client: Client) -> None:
    columns = ["event_id", "tenant_id", "device_id", "started_at", "os_type", "verdict", "analyzed_at"]
    start = datetime(2026, 11, 2, 12, 30, 40, tzinfo=UTC)
    first, second = events.record()["event_id"], events.record()["event_id"]

    def analyse(event_id: UUID, verdict: str, minutes: int) -> None:
        row = [event_id, "acme", "r1", start, "ios", verdict, start + timedelta(minutes=minutes)]
        client.insert("commands", [row], column_names=columns)

    analyse(first, "ok", 0)
    analyse(first, "critical", 10)
    analyse(second, "warning", 10)
    analyse(second, "ok", 0)
    visible = client.query("SELECT event_id, verdict FROM commands FINAL").result_rows
    assert {row[0]: row[1] for row in visible} == {first: "critical", second: "warning"}
    counted = client.query("SELECT verdict, commands FROM command_counts ORDER BY verdict").result_rows
    assert counted == [("critical", 1), ("warning", 1)]
    assert client.query("SELECT last_verdict FROM device_list").result_rows[0][0] in {"critical", "warning"}


def test_rows_outlive_the_change_of_their_table(bare: Client) -> None:
    Migrator(bare, (LEDGER, *STEPS[:9])).run()
    rows = "SELECT generateUUIDv7(), 'acme', 'r1', now64(6), 'ok' FROM numbers(1000)"
    bare.command(f"INSERT INTO commands (event_id, tenant_id, device_id, started_at, verdict) {rows}")
    Migrator(bare, (LEDGER, *STEPS)).run()
    assert bare.query("SELECT count() FROM commands").result_rows == [(1000,)]
    assert bare.query("SELECT sum(commands) FROM command_counts").result_rows == [(1000,)]
    assert bare.query("SELECT last_verdict FROM device_list").result_rows == [("ok",)]


def test_the_table_names_are_those_of_the_database(client: Client) -> None:
    named = {name for key, name in vars(tables).items() if key.isupper()}
    found = {row[0] for row in client.query("SHOW TABLES").result_rows}
    assert named == {name for name in found if not name.endswith("_feed")}


def test_every_table_forgets(client: Client) -> None:
    """Only the ledger of migrations is kept for ever."""
    query = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND "
    for_ever = client.query(query + "create_table_query NOT LIKE '%TTL %'").result_rows
    assert for_ever == [("schema_migrations",)]


def test_the_second_run_has_nothing_to_do(settings: SinkSettings) -> None:
    assert migrate(settings) == [migration.name for migration in STEPS]
    assert migrate(settings) == []


def test_the_database_is_made(settings: SinkSettings, client: Client) -> None:
    name = f"{settings.clickhouse_database}_fresh"
    try:
        migrate(settings.model_copy(update={"clickhouse_database": name}))
        assert client.command(f"EXISTS TABLE {name}.commands") == 1
    finally:
        client.command(f"DROP DATABASE IF EXISTS {name}")


def test_an_edited_migration_is_refused_by_name(client: Client) -> None:
    edited = Migration(STEPS[0].version, STEPS[0].name, STEPS[0].text + "-- one more thought\n")
    with pytest.raises(ConfigurationError, match=rf"{edited.name} was edited.*new migration"):
        Migrator(client, (LEDGER, edited, *STEPS[1:])).run()


def test_several_processes_at_once_apply_each_migration_once(settings: SinkSettings) -> None:
    code = (
        "from sinks.migrator import migrate; from sinks.settings import SinkSettings; print(*migrate(SinkSettings()))"
    )
    environment = {
        "NETCOPILOT_CLICKHOUSE_URL": settings.clickhouse_url,
        "NETCOPILOT_CLICKHOUSE_DATABASE": settings.clickhouse_database,
    }
    processes = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    client = connect(settings, database=settings.clickhouse_database)
    applied = client.query("SELECT name, count() FROM schema_migrations GROUP BY name ORDER BY name").result_rows
    client.close()
    assert applied == [(migration.name, 1) for migration in STEPS]
    assert sum(STEPS[0].name in output for output in outputs) == 1


def test_a_lease_keeps_others_out_until_it_is_returned(client: Client) -> None:
    with Lease(client), pytest.raises(TransientError, match="lease"), Lease(client, patience=0):
        pass
    with Lease(client, patience=0):
        pass


def test_a_lease_of_a_crashed_process_ends_by_itself(client: Client) -> None:
    Lease(client, seconds=1).renew()
    with pytest.raises(TransientError), Lease(client, patience=0):
        pass
    with Lease(client, patience=30):
        pass
