"""The sink's connections to ClickHouse."""

import json
from collections.abc import Iterable, Sequence

from clickhouse_connect.driver.client import Client

from runtime.clickhouse import judged, open_client
from runtime.settings import ClickHouseSettings


def connect(settings: ClickHouseSettings, *, database: str, timeout: float = 30.0) -> Client:
    """Return a client that several threads may share; requests give up after `timeout` seconds.

    Raises:
        TransientError: ClickHouse did not answer.
        ConfigurationError: it does not know the user, the password or the database.

    """
    with judged():
        return open_client(settings, database=database, timeout=timeout, client_name="netcopilot-sink")


def insert_rows(client: Client, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert a few rows of numbers and text.

    The client's own insert loads pandas wherever that is installed, which takes 80 MB of memory.

    Raises:
        TransientError: ClickHouse did not answer.
        ConfigurationError: a person must act.

    """
    lines = "\n".join(json.dumps(dict(zip(columns, row, strict=True))) for row in rows)
    with judged():
        client.raw_insert(table, columns, lines, fmt="JSONEachRow")
