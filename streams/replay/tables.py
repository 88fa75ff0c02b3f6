"""What a replay asks of ClickHouse."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from runtime.clickhouse import open_client
from runtime.errors import ConfigurationError, TransientError
from runtime.settings import ClickHouseSettings

_TIMEOUT: Final = 300.0
_LOGIN: Final = frozenset({192, 193, 194, 497, 516})
"""Codes of UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, ACCESS_DENIED and AUTHENTICATION_FAILED."""
_NO_TABLES: Final = frozenset({16, 47, 60, 81})
"""Codes of NO_SUCH_COLUMN_IN_TABLE, UNKNOWN_IDENTIFIER, UNKNOWN_TABLE and UNKNOWN_DATABASE."""

Row = Mapping[str, Any]


def statement(*clauses: str) -> str:
    """Return the statement of these clauses, none of which holds a value."""
    return "\n".join(clauses)


class Tables:
    """Answers queries as rows by column name. Every method may raise TransientError or ConfigurationError."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def ask(self, query: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
        """Return the rows of a query."""
        with _judged():
            return list(self._client.query(query, parameters=dict(parameters)).named_results())


@contextmanager
def open_tables(settings: ClickHouseSettings) -> Iterator[Tables]:
    """Connect for as long as the block takes; raises as Tables' methods do."""
    with _judged():
        client = open_client(
            settings, database=settings.clickhouse_database, timeout=_TIMEOUT, client_name="netcopilot-replay"
        )
    try:
        yield Tables(client)
    finally:
        client.close()


@contextmanager
def _judged() -> Iterator[None]:
    try:
        yield
    except Error as error:
        if error.code in _LOGIN:
            cure = "set NETCOPILOT_CLICKHOUSE_USER and NETCOPILOT_CLICKHOUSE_PASSWORD"
            raise ConfigurationError(f"ClickHouse refuses this user ({error.code}): {cure}") from None
        if error.code in _NO_TABLES:
            cure = "set NETCOPILOT_CLICKHOUSE_DATABASE, or run `netcopilot migrate`"
            raise ConfigurationError(f"ClickHouse lacks the tables ({error.code}): {cure}") from None
        told = f"answered with error {error.code}" if error.code is not None else "does not answer"
        raise TransientError(f"ClickHouse {told}; NETCOPILOT_CLICKHOUSE_URL says where it is") from None
