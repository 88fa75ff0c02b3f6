"""Inserts through the clients that the platform uses: every row arrives, once, or none does."""

import gzip
import random
import zlib
from collections.abc import Callable, Iterator, Sequence

import cramjam
import lz4.frame  # type: ignore[import-untyped]
import pytest
from backports import zstd
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.cli.stack.clickhouse import avro
from tests.cli.stack.clickhouse.server import EmbeddedServer

_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "lz4": lz4.frame.compress,
    "zstd": zstd.compress,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: bytes(cramjam.brotli.compress(data, level=1)),
}


@pytest.fixture
def table(client: Client) -> Iterator[str]:
    client.command(f"CREATE TABLE rows {avro.TABLE}")
    yield "rows"
    client.command("DROP TABLE rows")


def _count(client: Client) -> tuple[int, int, int]:
    return client.query("SELECT count(), uniqExact(id), sum(length(name)) FROM rows").result_rows[0]  # type: ignore[return-value]


@pytest.mark.parametrize("rows", [50_000, 200_000])
@pytest.mark.parametrize("compression", ["lz4", "zstd", "gzip", False])
def test_native_inserts_and_results_are_whole(
    embedded_clickhouse: EmbeddedServer, table: str, compression: str | bool, rows: int
) -> None:
    client = embedded_clickhouse.client(compress=compression)
    client.database = "scratch"
    chance = random.Random(rows)
    names = ["".join(chance.choices("abcdefgh", k=40)) for _ in range(rows)]
    data: list[Sequence[object]] = [range(rows), names, [0] * rows]
    summary = client.insert(table, data, column_names=["id", "name", "at"], column_oriented=True)
    assert summary.written_rows == rows
    assert client.query("SELECT name FROM rows ORDER BY id").result_columns == [names]
    with client.query_row_block_stream("SELECT name FROM rows ORDER BY id") as blocks:
        assert [row[0] for block in blocks for row in block] == names


@pytest.mark.parametrize("ids", [50_000, 200_000])
@pytest.mark.parametrize("compression", [*_COMPRESS, None])
def test_avro_blocks_are_whole(client: Client, table: str, compression: str | None, ids: int) -> None:
    block = avro.block(range(ids))
    body = _COMPRESS[compression](block) if compression else block
    summary = client.raw_insert(table, insert_block=body, fmt="Avro", compression=compression)
    assert summary.written_rows == ids
    assert _count(client)[:2] == (ids, ids)


@pytest.mark.parametrize("compression", ["lz4", "zstd", "gzip"])
def test_a_block_in_many_frames_is_whole(client: Client, table: str, compression: str) -> None:
    block = avro.block(range(50_000))
    pieces = [block[start : start + 100_000] for start in range(0, len(block), 100_000)]
    body = b"".join(_COMPRESS[compression](piece) for piece in pieces)
    client.raw_insert(table, insert_block=body, fmt="Avro", compression=compression)
    assert _count(client)[:2] == (50_000, 50_000)


def test_a_block_is_one_part(client: Client, table: str) -> None:
    client.raw_insert(table, insert_block=avro.block(range(200_000)), fmt="Avro")
    assert client.command("SELECT count() FROM system.parts WHERE database = 'scratch' AND level = 0") == 1


@pytest.mark.parametrize(
    ("damaged", "code"),
    [
        (avro.block(range(20_000))[:-1_000], 748),
        (avro.block(range(20_000)).replace(b"name of 15000", b"\xff" * 2_000), 748),
        (b"no Avro at all", 748),
    ],
)
def test_a_malformed_block_inserts_nothing(client: Client, table: str, damaged: bytes, code: int) -> None:
    with pytest.raises(DatabaseError) as refused:
        client.raw_insert(table, insert_block=damaged, fmt="Avro")
    assert refused.value.code == code
    assert _count(client)[0] == 0


def _insert(client: Client, ids: range, token: str) -> None:
    settings = {
        "insert_deduplication_token": token,
        "deduplicate_blocks_in_dependent_materialized_views": 1,
        "async_insert": 0,
        "wait_end_of_query": 1,
    }
    client.raw_insert("rows", insert_block=avro.block(ids), fmt="Avro", settings=settings)


@pytest.mark.usefixtures("table")
def test_the_token_alone_decides_what_is_a_repetition(client: Client) -> None:
    _insert(client, range(10), "topic:0:0-9 & 'quotes' \\ %20")
    _insert(client, range(10, 20), "topic:0:0-9 & 'quotes' \\ %20")
    assert _count(client)[0] == 10
    _insert(client, range(10), "topic:0:10-19")
    assert _count(client)[0] == 20


@pytest.mark.usefixtures("table")
def test_a_repeated_token_reaches_no_view_twice(client: Client) -> None:
    client.command(
        "CREATE TABLE sums (ids UInt64) ENGINE = MergeTree ORDER BY () SETTINGS non_replicated_deduplication_window=9"
    )
    client.command("CREATE MATERIALIZED VIEW to_sums TO sums AS SELECT sum(id) AS ids FROM rows")
    for token in ("one", "two", "one"):
        _insert(client, range(5), token)
    assert client.query("SELECT sum(ids), count() FROM sums").result_rows == [(20, 2)]


@pytest.mark.parametrize(
    ("name", "value", "applied"),
    [
        ("insert_deduplication_token", "a 'token' \\ &", "a 'token' \\ &"),
        ("deduplicate_blocks_in_dependent_materialized_views", "0", "false"),
        ("deduplicate_blocks_in_dependent_materialized_views", "1", "true"),
        ("async_insert", "0", "false"),
        ("async_insert", "1", "true"),
        ("max_threads", "1", "1"),
    ],
)
def test_settings_are_applied(embedded_clickhouse: EmbeddedServer, name: str, value: str, applied: str) -> None:
    answer = embedded_clickhouse.post(f"SELECT getSetting('{name}')::String FORMAT TSVRaw".encode(), **{name: value})
    assert answer.body.decode() == f"{applied}\n"


def test_a_setting_ends_with_its_request(client: Client, table: str) -> None:
    client.raw_insert(
        table, insert_block=avro.block([1]), fmt="Avro", settings={"insert_deduplication_token": "only here"}
    )
    assert client.command("SELECT value FROM system.settings WHERE name = 'insert_deduplication_token'") == ""


def test_an_unknown_setting_is_an_error(embedded_clickhouse: EmbeddedServer) -> None:
    answer = embedded_clickhouse.post(b"SELECT 1", no_such_setting="1")
    assert (answer.status, answer.headers["x-clickhouse-exception-code"]) == (404, "115")


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("INSERT INTO scratch.rows (id, name) FORMAT CSV", b"1,a\n2,b\n"),
        ("", b"INSERT INTO scratch.rows (id, name) FORMAT CSV\n1,a\n2,b\n"),
        ("INSERT INTO scratch.rows (id, name) VALUES", b"(1, 'a'), (2, 'b')"),
        ("INSERT INTO scratch.rows (id, name) VALUES (1, 'a'), (2, 'b')", b""),
        ("", b"INSERT INTO scratch.rows (id, name) SELECT number + 1, char(97 + number) FROM numbers(2)"),
        ("INSERT INTO scratch.rows (id, name) FORMAT JSONEachRow", b'{"id": 1, "name": "a"}\n{"id": 2, "name": "b"}'),
    ],
)
def test_a_statement_may_stand_in_the_url_the_body_or_both(
    embedded_clickhouse: EmbeddedServer, client: Client, table: str, query: str, body: bytes
) -> None:
    answer = embedded_clickhouse.post(body, query=query)
    assert (answer.status, answer.body) == (200, b"")
    assert "x-clickhouse-format" not in answer.headers
    assert client.query(f"SELECT id, name FROM {table} ORDER BY id").result_rows == [(1, "a"), (2, "b")]


@pytest.mark.usefixtures("table")
def test_data_that_would_be_lost_is_refused(embedded_clickhouse: EmbeddedServer) -> None:
    query = "INSERT INTO scratch.rows (id) SELECT id + 1 FROM input('id UInt64') FORMAT CSV"
    answer = embedded_clickhouse.post(b"1\n2\n", query=query)
    assert (answer.status, answer.headers["x-clickhouse-exception-code"]) == (501, "48")


def test_a_get_changes_nothing(embedded_clickhouse: EmbeddedServer, client: Client, table: str) -> None:
    for query in ("INSERT+INTO+scratch.rows+(id)+VALUES+(1)", "DROP+TABLE+scratch.rows"):
        answer = embedded_clickhouse.ask("GET", f"/?query={query}")
        assert answer.headers["x-clickhouse-exception-code"] == "164"
    assert _count(client)[0] == 0


def test_parameters_reach_inserts(client: Client, embedded_clickhouse: EmbeddedServer, table: str) -> None:
    answer = embedded_clickhouse.post(
        b"7,x\n", query="INSERT INTO scratch.{t:Identifier} (id, name) FORMAT CSV", param_t=table
    )
    assert answer.status == 200, answer.body
    assert client.query("SELECT id, name FROM rows").result_rows == [(7, "x")]
