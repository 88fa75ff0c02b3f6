"""What a replay asks of ClickHouse."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from clickhouse_connect.driver.client import Client

from runtime.clickhouse import judged, open_client
from runtime.settings import ClickHouseSettings

_TIMEOUT: Final = 300.0

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
        with judged():
            return list(self._client.query(query, parameters=dict(parameters)).named_results())


@contextmanager
def open_tables(settings: ClickHouseSettings) -> Iterator[Tables]:
    """Connect for as long as the block takes; raises as Tables' methods do."""
    with judged():
        client = open_client(
            settings, database=settings.clickhouse_database, timeout=_TIMEOUT, client_name="netcopilot-replay"
        )
    try:
        yield Tables(client)
    finally:
        client.close()
