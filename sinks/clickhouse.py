"""Connections to ClickHouse, and calls to it whose errors are judged."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from runtime.clickhouse import open_client
from runtime.settings import ClickHouseSettings
from sinks.faults import judge


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


@contextmanager
def judged() -> Iterator[None]:
    """Raise ClickHouse's errors as what they mean (see `sinks.faults`)."""
    try:
        yield
    except Error as error:
        raise judge(error) from None  # the original's text may quote the data
