"""What goes wrong behind the parsing of an insert's rows is told, though the engine's library keeps it to itself."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.cli.stack.clickhouse.server import EmbeddedServer


@pytest.fixture
def table(client: Client) -> Iterator[str]:
    client.command(
        "CREATE TABLE limited (n Int32, text String, CONSTRAINT small CHECK n < 5, CONSTRAINT clean "
        "CHECK isValidUTF8(text)) ENGINE = MergeTree ORDER BY n"
    )
    client.command(
        "CREATE MATERIALIZED VIEW no_threes ENGINE = MergeTree ORDER BY n AS SELECT n, throwIf(n = 3) AS x FROM limited"
    )
    yield "limited"
    client.command("DROP TABLE no_threes")
    client.command("DROP TABLE limited")


def _refusal(client: Client, rows: bytes) -> int | None:
    """Insert, and return the code of the error, None where all is well."""
    try:
        client.raw_insert("limited", insert_block=rows, fmt="CSV")
    except DatabaseError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("rows", "code"),
    [(b"1,a\n", None), (b"7,a\n", 469), (b"1,\xff\n", 469), (b"3,a\n", 395)],
)
def test_a_refused_insert_is_an_error(client: Client, table: str, rows: bytes, code: int | None) -> None:
    assert _refusal(client, rows) == code
    if code == 469:
        assert client.command(f"SELECT count() FROM {table}") == 0


@pytest.mark.usefixtures("table")
def test_text_that_is_no_utf8_is_quoted_as_well_as_it_can_be(client: Client) -> None:
    with pytest.raises(DatabaseError, match="Cannot parse") as refused:
        client.raw_insert("limited", insert_block=b'\xff\xfe,"a"\n', fmt="CSV")
    assert refused.value.code == 27


def test_of_inserts_at_once_none_that_failed_says_it_went_well(
    embedded_clickhouse: EmbeddedServer, client: Client, table: str
) -> None:
    def insert(number: int) -> bool:
        mine = embedded_clickhouse.client()
        mine.database = "scratch"
        return _refusal(mine, f"{7 if number % 2 else 1},{number}\n".encode()) is None

    with ThreadPoolExecutor(4) as threads:
        went_well = [number for number, well in enumerate(threads.map(insert, range(60))) if well]

    kept = {int(text) for (text,) in client.query(f"SELECT text FROM {table}").result_rows}
    assert set(went_well) <= kept
    assert all(number % 2 == 0 for number in kept)
