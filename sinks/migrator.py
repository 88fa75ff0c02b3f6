"""Brings the database to the tables this release needs; safe to run from any number of processes at once."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from clickhouse_connect.driver.client import Client

from runtime.clickhouse import judged
from runtime.errors import ConfigurationError
from runtime.log import get_logger
from runtime.settings import ClickHouseSettings
from sinks.clickhouse import connect, insert_rows
from sinks.lease import Lease
from sinks.tables import SCHEMA_MIGRATIONS

_FILE_NAME = re.compile(r"(?P<version>\d{4})_\w+\.sql")
_LEDGER = 0
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNLESS = re.compile(r"^-- unless: (?P<query>.+)$", re.MULTILINE)

log = get_logger(__name__)


@dataclass(frozen=True)
class Migration:
    """One numbered file of `sinks/migrations`."""

    version: int
    name: str
    text: str

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of the text, 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def statements(self) -> list[str]:
        """The statements: each ends with a semicolon at the end of a line."""
        return [part.strip() for part in re.split(r";\s*(?:\n|\Z)", self.text) if part.strip()]


def migrations() -> tuple[Migration, ...]:
    """Return this release's migrations, oldest first; number 0 is the ledger itself."""
    found = (
        Migration(int(match["version"]), file.name.removesuffix(".sql"), file.read_text("utf-8"))
        for file in files("sinks.migrations").iterdir()
        if (match := _FILE_NAME.fullmatch(file.name))
    )
    return tuple(sorted(found, key=lambda migration: migration.version))


def migrate(settings: ClickHouseSettings) -> list[str]:
    """Create the database where it is missing and apply what was not applied yet; return the names of that.

    Every statement may run again after a crash; one that would undo itself has a line `-- unless: QUERY` above it and
    is passed over where the query answers anything but 0. What was applied stands in `schema_migrations` with its
    checksum.

    Raises:
        TransientError: ClickHouse did not answer, or another process migrates for very long.
        ConfigurationError: the user may not, or an applied migration was edited.

    """
    _create_database(settings)
    client = connect(settings, database=settings.clickhouse_database, timeout=300.0)
    try:
        return Migrator(client, migrations()).run()
    finally:
        client.close()


def _create_database(settings: ClickHouseSettings) -> None:
    name = settings.clickhouse_database
    if not _IDENTIFIER.fullmatch(name):
        raise ConfigurationError("NETCOPILOT_CLICKHOUSE_DATABASE takes letters, digits and underscores only")
    client = connect(settings, database="default")
    try:
        with judged():
            query = "SELECT 1 FROM system.databases WHERE name = {name:String}"
            if not client.query(query, parameters={"name": name}).result_rows:
                client.command(f"CREATE DATABASE IF NOT EXISTS {name}")
    finally:
        client.close()


class Migrator:
    """Applies migrations through one client."""

    def __init__(self, client: Client, known: tuple[Migration, ...]) -> None:
        self._client = client
        self._ledger = next(migration for migration in known if migration.version == _LEDGER)
        self._known = tuple(migration for migration in known if migration.version != _LEDGER)

    def run(self) -> list[str]:
        """Apply what is pending, alone; return the names."""
        self._execute(self._ledger)
        if not self.pending():
            return []
        with Lease(self._client) as lease:
            applied = []
            for migration in self.pending():
                lease.renew()
                self._apply(migration)
                applied.append(migration.name)
            return applied

    def pending(self) -> list[Migration]:
        """Return what was not applied yet.

        Raises:
            ConfigurationError: an applied migration's text is no longer what was applied.

        """
        applied = self._applied()
        for migration in self._known:
            if applied.get(migration.version, migration.checksum) != migration.checksum:
                raise ConfigurationError(
                    f"migration {migration.name} was edited after this database had applied it; "
                    "restore the file and put the change into a new migration"
                )
        return [migration for migration in self._known if migration.version not in applied]

    def _applied(self) -> dict[int, str]:
        query = "SELECT version, toString(argMax(checksum, applied_at)) FROM schema_migrations GROUP BY version"
        with judged():
            rows = self._client.query(query).result_rows
        return {int(version): str(checksum) for version, checksum in rows}

    def _apply(self, migration: Migration) -> None:
        self._execute(migration)
        row = (migration.version, migration.name, migration.checksum)
        insert_rows(self._client, SCHEMA_MIGRATIONS, ("version", "name", "checksum"), [row])
        log.info("migration_applied", migration=migration.name)

    def _execute(self, migration: Migration) -> None:
        for statement in migration.statements:
            with judged():
                if not self._is_done(statement):
                    self._client.command(statement)

    def _is_done(self, statement: str) -> bool:
        unless = _UNLESS.search(statement)
        return unless is not None and bool(self._client.query(unless["query"]).result_rows[0][0])
