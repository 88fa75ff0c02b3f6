import subprocess
import sys

import pytest
from clickhouse_connect.driver.client import Client

from runtime.errors import ConfigurationError, TransientError
from sinks import tables
from sinks.clickhouse import connect
from sinks.lease import Lease
from sinks.migrator import Migration, Migrator, migrate, migrations
from sinks.settings import SinkSettings

LEDGER, *STEPS = migrations()


def test_migrations_are_numbered_without_gaps() -> None:
    assert [migration.version for migration in migrations()] == list(range(len(migrations())))


def test_every_statement_may_run_again(client: Client) -> None:
    for migration in migrations():
        for statement in migration.statements:
            client.command(statement)


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
