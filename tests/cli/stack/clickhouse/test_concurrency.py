"""Many clients at once: selects beside inserts, a bounded queue, queries that are stopped."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.cli.stack.clickhouse import avro
from tests.cli.stack.clickhouse.server import EmbeddedServer, running
from tests.services.process import HOST

_ENDLESS = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with running(tmp_path_factory.mktemp("narrow"), "--threads", "2", "--queue", "1") as server:
        yield server


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def _running(client: Client, text: str) -> int:
    mine = f"query LIKE '%{text}%' AND query NOT LIKE '%system.processes%'"
    return int(str(client.command(f"SELECT count() FROM system.processes WHERE {mine}")))


def test_selects_run_beside_inserts(embedded_clickhouse: EmbeddedServer, client: Client) -> None:
    client.command(f"CREATE TABLE rows {avro.TABLE}")
    done = threading.Event()

    def select() -> int:
        reader = embedded_clickhouse.client()
        counts = []
        while not done.is_set():
            counts.append(int(str(reader.command("SELECT count() FROM scratch.rows"))))
        assert counts == sorted(counts)
        assert all(count % 5_000 == 0 for count in counts), "a reader saw half a block"
        return len(counts)

    with ThreadPoolExecutor(3) as readers:
        answers = [readers.submit(select) for _ in range(3)]
        try:
            for start in range(0, 100_000, 5_000):
                client.raw_insert("rows", insert_block=avro.block(range(start, start + 5_000)), fmt="Avro")
        finally:
            done.set()
        assert all(answer.result() > 5 for answer in answers)
    assert client.command("SELECT count() FROM rows") == 100_000


def test_a_full_queue_refuses_with_a_code_that_clients_retry(narrow: EmbeddedServer) -> None:
    client = narrow.client()

    seen = threading.Event()

    def occupy() -> set[int]:
        statuses: set[int] = set()
        while not seen.is_set() or not statuses:
            statuses.add(narrow.post(b"SELECT sleep(1)").status)
        return statuses

    def refused() -> bool:
        answer = narrow.post(b"SELECT 1")
        return answer.status == 503 and answer.headers["x-clickhouse-exception-code"] == "202"

    with ThreadPoolExecutor(4) as crowd:
        places = [crowd.submit(occupy) for _ in range(4)]
        try:
            _until(refused)
        finally:
            seen.set()
        assert all(place.result() <= {200, 503} for place in places)
    assert client.command("SELECT 1") == 1


def test_kill_query_takes_the_clients_query_id(embedded_clickhouse: EmbeddedServer, client: Client) -> None:
    with ThreadPoolExecutor(1) as other:
        stopped = other.submit(embedded_clickhouse.post, _ENDLESS.encode(), query_id="to-be-stopped")
        _until(lambda: _running(client, "sipHash64") == 1)
        again = embedded_clickhouse.post(b"SELECT 1", query_id="to-be-stopped")
        assert again.headers["x-clickhouse-exception-code"] == "216"
        client.command("KILL QUERY WHERE query_id = 'to-be-stopped'")
        answer = stopped.result(30)
    assert answer.headers["x-clickhouse-exception-code"] == "394"
    assert embedded_clickhouse.post(b"SELECT 1", query_id="to-be-stopped").body == b"1\n"


@pytest.mark.parametrize("query", [_ENDLESS, "SELECT number, sipHash64(number) FROM numbers(1000000000000)"])
def test_a_query_whose_client_has_gone_is_stopped(
    embedded_clickhouse: EmbeddedServer, client: Client, query: str
) -> None:
    with socket.create_connection((HOST, embedded_clickhouse.port)) as connection:
        path = "/?cancel_http_readonly_queries_on_client_close=1"
        head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(query)}\r\n\r\n"
        connection.sendall(head.encode() + query.encode())
        _until(lambda: _running(client, "sipHash64") == 1)
    _until(lambda: _running(client, "sipHash64") == 0)


def test_a_body_that_breaks_off_inserts_nothing(embedded_clickhouse: EmbeddedServer, client: Client) -> None:
    client.command(f"CREATE TABLE broken {avro.TABLE}")
    body = b"INSERT INTO scratch.broken (id) FORMAT CSV\n" + b"1\n" * 1_000
    with socket.create_connection((HOST, embedded_clickhouse.port)) as connection:
        head = f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body) + 1_000}\r\n\r\n"
        connection.sendall(head.encode() + body)
    client.command("INSERT INTO broken (id) VALUES (7)")
    assert client.command("SELECT count() FROM broken") == 1
    assert "Traceback" not in embedded_clickhouse.log.read_text()


def test_a_query_beyond_the_memory_limit_fails_alone(tmp_path: Path) -> None:
    with running(tmp_path, "--memory-limit", str(1 << 29)) as server:
        greedy = server.client()
        with pytest.raises(DatabaseError) as refused:
            greedy.query("SELECT count() FROM (SELECT groupArray(toString(number)) FROM numbers(100000000))")
        assert refused.value.code == 241
        assert greedy.command("SELECT 1") == 1
