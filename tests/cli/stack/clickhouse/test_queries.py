"""What clickhouse-connect and plain HTTP clients ask of a server."""

import asyncio
import json
from datetime import UTC, datetime
from uuid import UUID

import clickhouse_connect
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, StreamFailureError
from clickhouse_connect.driver.external import ExternalData

from tests.cli.stack.clickhouse.server import EmbeddedServer
from tests.services.process import HOST


def test_the_handshake_tells_version_and_zone(client: Client) -> None:
    assert client.ping()
    assert str(client.server_version).split(".")[0].isdigit()
    assert str(client.server_tz) == "UTC"
    assert client.query("SELECT timezone(), toString(toDateTime(0))").result_rows == [("UTC", "1970-01-01 00:00:00")]


async def test_the_async_client_is_served(embedded_clickhouse: EmbeddedServer) -> None:
    async with await clickhouse_connect.get_async_client(host=HOST, port=embedded_clickhouse.port) as client:
        answers = await asyncio.gather(
            *(client.query("SELECT {n:UInt32} + 1", parameters={"n": number}) for number in range(20))
        )
        assert [answer.result_rows[0][0] for answer in answers] == list(range(1, 21))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("String", "tab\t'quote\\ ü \n; DROP"),
        ("Array(String)", ["a'b", "c\\d"]),
        ("Nullable(String)", None),
        ("DateTime64(6, 'UTC')", datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)),
        ("UInt64", 2**63 + 1),
    ],
)
def test_parameters_come_back_as_they_went(client: Client, kind: str, value: object) -> None:
    answer = client.query(f"SELECT {{value:{kind}}} AS value", parameters={"value": value}).result_rows[0][0]
    expected = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    assert (answer.replace(tzinfo=None) if isinstance(answer, datetime) else answer) == expected


def test_parameters_may_come_as_a_form(embedded_clickhouse: EmbeddedServer) -> None:
    client = clickhouse_connect.get_client(host=HOST, port=embedded_clickhouse.port, form_encode_query_params=True)
    values = [f"value {number}" for number in range(5_000)]
    answer = client.query("SELECT length({values:Array(String)})", parameters={"values": values})
    assert answer.result_rows == [(5_000,)]


def test_external_data_is_a_table_of_its_query(client: Client) -> None:
    data = ExternalData(file_name="wanted", fmt="CSV", structure="id UInt64", data=b"2\n4\n")
    query = "SELECT number FROM numbers(10) WHERE number IN (SELECT id FROM wanted) ORDER BY number"
    assert client.query(query, external_data=data).result_rows == [(2,), (4,)]
    with pytest.raises(DatabaseError, match="UNKNOWN_TABLE"):
        client.query("SELECT * FROM wanted")


def test_a_database_is_a_parameter(embedded_clickhouse: EmbeddedServer) -> None:
    assert embedded_clickhouse.post(b"SELECT currentDatabase()", database="system").body == b"system\n"
    refused = embedded_clickhouse.post(b"SELECT 1", database="no_such")
    assert (refused.status, refused.headers["x-clickhouse-exception-code"]) == (404, "81")


@pytest.mark.parametrize(
    ("query", "default_format", "body"),
    [
        (b"SELECT 1 AS a", "", b"1\n"),
        (b"SELECT 1 AS a", "JSONEachRow", b'{"a":1}\n'),
        (b"SELECT 1 AS a FORMAT CSVWithNames", "JSON", b'"a"\n1\n'),
        (b"SELECT 1 AS a SETTINGS max_threads = 1 FORMAT TSVWithNames", "", b"a\n1\n"),
        (
            b"SELECT number % 2 AS k, count() FROM numbers(4) GROUP BY k WITH TOTALS ORDER BY k",
            "",
            b"0\t2\n1\t2\n\n0\t4\n",
        ),
        (b"SELECT 1 WHERE 0", "CSV", b""),
        (b"SHOW DATABASES LIKE 'system'", "", b"system\n"),
    ],
)
def test_results_come_in_the_format_asked_for(
    embedded_clickhouse: EmbeddedServer, query: bytes, default_format: str, body: bytes
) -> None:
    answer = embedded_clickhouse.post(query, **({"default_format": default_format} if default_format else {}))
    assert (answer.status, answer.body) == (200, body)


def test_types_arrive_as_they_are(client: Client) -> None:
    client.command(
        "CREATE TABLE kinds (l LowCardinality(String), m Map(String, UInt8), a Array(Nullable(Int32)), "
        "e Enum8('no' = 0, 'yes' = 1), u UUID, d DateTime64(6, 'UTC'), t Tuple(x Int8, y String), f FixedString(3)) "
        "ENGINE = MergeTree ORDER BY l"
    )
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    row = ["ü", {"k": 7}, [1, None], "yes", UUID(int=5), moment, {"x": 1, "y": "z"}, b"abc"]
    client.insert("kinds", [row] * 70_000)
    answer = client.query("SELECT * FROM kinds", tz_mode="aware")
    assert answer.row_count == 70_000
    assert list(answer.result_rows[-1]) == row


def test_long_results_in_formats_with_a_frame_are_one_document(embedded_clickhouse: EmbeddedServer) -> None:
    answer = embedded_clickhouse.post(b"SELECT number FROM numbers(300000) FORMAT JSONCompact")
    assert len(json.loads(answer.body)["data"]) == 300_000


def test_headers_tell_about_the_query(embedded_clickhouse: EmbeddedServer) -> None:
    answer = embedded_clickhouse.post(b"SELECT number FROM numbers(5) FORMAT CSV", query_id="my-id")
    assert answer.headers["x-clickhouse-query-id"] == "my-id"
    assert answer.headers["x-clickhouse-format"] == "CSV"
    assert answer.headers["x-clickhouse-timezone"] == "UTC"
    assert answer.headers["content-type"].startswith("text/csv")
    summary = json.loads(answer.headers["x-clickhouse-summary"])
    assert (summary["read_rows"], summary["result_rows"]) == ("5", "5")


def test_ping_and_an_empty_get_are_answered(embedded_clickhouse: EmbeddedServer) -> None:
    assert embedded_clickhouse.ask("GET", "/ping").body == b"Ok.\n"
    assert embedded_clickhouse.ask("GET", "/").body == b"Ok.\n"


@pytest.mark.parametrize(
    ("query", "code", "status"),
    [
        ("SELECT * FROM no_such_table", 60, 404),
        ("SELECT no_such_column FROM system.one", 47, 404),
        ("no statement", 62, 400),
        ("SELECT 1; SELECT 2", 62, 400),
        ("SELECT throwIf(number = 5) FROM numbers(10)", 395, 500),
        (
            "SELECT count() FROM numbers(10000000000) WHERE sipHash64(number) = 1 SETTINGS max_execution_time = 1",
            159,
            408,
        ),
    ],
)
def test_errors_carry_clickhouses_code_text_and_status(
    embedded_clickhouse: EmbeddedServer, client: Client, query: str, code: int, status: int
) -> None:
    answer = embedded_clickhouse.post(query.encode())
    assert (answer.status, answer.headers["x-clickhouse-exception-code"]) == (status, str(code))
    assert answer.body.startswith(f"Code: {code}. DB::Exception: ".encode())
    with pytest.raises(DatabaseError) as refused:
        client.command(query)
    assert refused.value.code == code


@pytest.mark.parametrize("compression", ["lz4", "zstd", "gzip", False])
def test_an_error_after_the_first_rows_is_an_error(
    embedded_clickhouse: EmbeddedServer, compression: str | bool
) -> None:
    client = embedded_clickhouse.client(compress=compression)
    query = "SELECT number, throwIf(number = 3000000, 'too far') FROM numbers(10000000)"
    with pytest.raises(DatabaseError, match="too far"):
        client.query(query)  # waits for the end: the status tells
    with client.query_row_block_stream(query) as blocks:
        assert next(iter(blocks))
        with pytest.raises(StreamFailureError, match="too far"):
            list(blocks)


def test_an_unsupported_transport_names_the_cure(embedded_clickhouse: EmbeddedServer) -> None:
    answer = embedded_clickhouse.post(b"SELECT 1", compress="1")
    assert answer.status == 501
    assert b"Accept-Encoding" in answer.body
    answer = embedded_clickhouse.ask("POST", "/", b"SELECT 1", {"Content-Encoding": "snappy"})
    assert answer.status == 501
    assert b"use lz4" in answer.body
