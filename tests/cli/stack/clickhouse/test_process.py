"""How the process starts and ends: locks, ports, credentials, signals, and the data it leaves behind."""

import json
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import clickhouse_connect
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from runtime.lifecycle import EXIT_CONFIGURATION
from tests.cli.stack.clickhouse import avro
from tests.cli.stack.clickhouse.server import EmbeddedServer, running, start
from tests.services.process import HOST

_BLOCK = 5_000


def test_a_second_process_on_the_folder_is_told_who_has_it(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        second = start(tmp_path)
        assert second.process.wait(30) == EXIT_CONFIGURATION
        log = second.log.read_text()
        assert str(tmp_path / "data") in log
        assert f"process id {first.process.pid}" in log
        assert "--data-dir" in log
        assert first.post(b"SELECT 1").body == b"1\n"


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = start(tmp_path, port=port)
        assert server.process.wait(30) == EXIT_CONFIGURATION
    log = server.log.read_text()
    assert f"{HOST}:{port}" in log
    assert "--port" in log


def test_only_the_user_with_the_password_gets_in(tmp_path: Path) -> None:
    flags = ("--user", "netcopilot", "--password-env", "CH_TEST_PASSWORD")
    with running(tmp_path, *flags, env={"CH_TEST_PASSWORD": "s3cret-canary"}) as server:
        right = clickhouse_connect.get_client(
            host=HOST, port=server.port, username="netcopilot", password="s3cret-canary"
        )
        assert right.command("SELECT 1") == 1
        by_header = {"X-ClickHouse-User": "netcopilot", "X-ClickHouse-Key": "s3cret-canary"}
        assert server.ask("POST", "/", b"SELECT 1", by_header).status == 200
        assert server.post(b"SELECT 1", user="netcopilot", password="s3cret-canary").status == 200
        for wrong in ({}, {"user": "netcopilot"}, {"user": "netcopilot", "password": "s3cret-canar"}):
            answer = server.post(b"SELECT 1", **wrong)
            assert (answer.status, answer.headers["x-clickhouse-exception-code"]) == (403, "516")
        assert server.ask("GET", "/ping").status == 200
        assert "s3cret-canary" not in server.log.read_text()


def test_an_empty_password_variable_is_an_error(tmp_path: Path) -> None:
    server = start(tmp_path, "--password-env", "CH_TEST_UNSET")
    assert server.process.wait(30) == 2
    assert "CH_TEST_UNSET is empty" in server.log.read_text()


def test_sigterm_lets_running_queries_end(tmp_path: Path) -> None:
    with running(tmp_path) as server, ThreadPoolExecutor(1) as other:
        slow = other.submit(server.post, b"SELECT sleep(2), 'done' FORMAT CSV")
        _until_runs(server, "sleep(2)")
        assert server.end(signal.SIGTERM) == 0
        assert slow.result().body == b'0,"done"\n'


def test_sigterm_ends_within_seconds_whatever_runs(tmp_path: Path) -> None:
    with running(tmp_path, "--drain", "1") as server, ThreadPoolExecutor(1) as other:
        endless = other.submit(server.post, b"SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1")
        _until_runs(server, "sipHash64")
        began = time.monotonic()
        assert server.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 8
        assert endless.result().headers["x-clickhouse-exception-code"] == "394"


def test_tables_survive_a_restart_and_logs_are_one_json_object_a_line(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.client().command("CREATE TABLE kept ENGINE = MergeTree ORDER BY a AS SELECT 7 AS a")
        assert server.end(signal.SIGTERM) == 0
        lines = [json.loads(line) for line in server.log.read_text().splitlines()]
        assert {line["process"] for line in lines} == {"clickhouse"}
        assert lines[-1]["event"] == "stopped"
    with running(tmp_path) as server:
        assert server.client().command("SELECT a FROM kept") == 7


def test_no_system_log_grows_in_the_data_folder(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        client = server.client()
        client.command("SYSTEM FLUSH LOGS")
        logs = client.query("SELECT name FROM system.tables WHERE database = 'system' AND engine LIKE '%MergeTree'")
        assert logs.result_rows == []


def test_after_a_sigkill_every_acknowledged_block_is_whole(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.client().command(f"CREATE TABLE rows {avro.TABLE}")
    acknowledged: set[int] = set()
    for first in (0, 1_000):
        with running(tmp_path) as server, ThreadPoolExecutor(2) as writers:
            enough = threading.Event()
            work = [writers.submit(_insert, server, number, acknowledged, enough) for number in (first, first + 500)]
            assert enough.wait(60)
            server.end(signal.SIGKILL)
            for writer in work:
                writer.result()
        with running(tmp_path) as server:
            client = server.client()
            client.command("OPTIMIZE TABLE rows FINAL")
            blocks = client.query(
                f"SELECT intDiv(id, {_BLOCK}), count(), uniqExact(id) FROM rows GROUP BY 1"
            ).result_rows
            assert {(rows, distinct) for _, rows, distinct in blocks} == {(_BLOCK, _BLOCK)}
            assert acknowledged <= {block for block, _, _ in blocks}


def _insert(server: EmbeddedServer, first: int, acknowledged: set[int], enough: threading.Event) -> None:
    """Insert blocks until the server dies, noting which ones it acknowledged."""
    client = server.client()
    for number in range(first, first + 500):
        ids = range(number * _BLOCK, (number + 1) * _BLOCK)
        try:
            client.raw_insert("rows", insert_block=avro.block(ids), fmt="Avro")
        except (DatabaseError, OperationalError):
            return
        acknowledged.add(number)
        if number - first >= 10:
            enough.set()


def _until_runs(server: EmbeddedServer, text: str) -> None:
    deadline = time.monotonic() + 30
    query = f"SELECT count() FROM system.processes WHERE query LIKE '%{text}%' AND query NOT LIKE '%processes%'"
    while server.post(query.encode()).body != b"1\n":
        assert time.monotonic() < deadline, "the query never ran"
        time.sleep(0.02)
