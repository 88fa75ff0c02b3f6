"""What ClickHouse's HTTP protocol costs over calling the engine's library in the same process.

Runs the embedded server and, in the same run, the chDB library without HTTP on the same Avro blocks and the same
statement. Prints one JSON line; rows of about 600 bytes of output, blocks of 10,000 rows.
"""

import argparse
import io
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import clickhouse_connect
import fastavro
import psutil

from cli.stack.chdb import clickhouse_spec
from cli.stack.clickhouse.engine import Engine
from cli.stack.clickhouse.folder import locked
from cli.stack.clickhouse.session import Session

_HOST = "127.0.0.1"
_BLOCK_ROWS = 10_000
_TABLE = (
    "CREATE TABLE bench (id UInt64, device String, output String, at DateTime64(6, 'UTC')) "
    "ENGINE = MergeTree ORDER BY (device, id)"
)
_SCHEMA = fastavro.parse_schema(
    {
        "type": "record",
        "name": "Bench",
        "fields": [
            {"name": "id", "type": "long"},
            {"name": "device", "type": "string"},
            {"name": "output", "type": "string"},
            {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        ],
    }
)
Row = tuple[int, str, str, int]
Block = TypeVar("Block")


def main() -> None:
    """Run everything and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=18123, help="port for the server under test")
    parser.add_argument("--rows", type=int, default=200_000, help="rows to insert in each format")
    parser.add_argument("--selects", type=int, default=1_000, help="how many times SELECT 1 runs")
    flags = parser.parse_args()
    blocks = [_rows(start) for start in range(0, flags.rows, _BLOCK_ROWS)]
    avro = [_avro(block) for block in blocks]
    with tempfile.TemporaryDirectory() as folder:
        over_http = _over_http(Path(folder) / "http", flags.port, blocks, avro, flags.selects)
        in_process = _in_process(Path(folder) / "library", avro, flags.selects)
    figures = {"rows": flags.rows, "block_rows": _BLOCK_ROWS, "http": over_http, "library": in_process}
    print(json.dumps({"benchmark": "embedded_clickhouse", **figures}))


def _over_http(folder: Path, port: int, blocks: list[list[Row]], avro: list[bytes], selects: int) -> dict[str, Any]:
    with _server(folder, port) as process:
        client = clickhouse_connect.get_client(host=_HOST, port=port)
        idle = process.memory_info().rss
        client.command(_TABLE)
        client.insert("bench", blocks[0], column_names=["id", "device", "output", "at"])  # the client's own imports
        client.command("TRUNCATE TABLE bench")
        figures = {
            **_latency(lambda: client.query("SELECT 1"), selects),
            "avro_rows_per_s": _rate(avro, lambda block: client.raw_insert("bench", insert_block=block, fmt="Avro")),
            "native_rows_per_s": _rate(
                blocks, lambda block: client.insert("bench", block, column_names=["id", "device", "output", "at"])
            ),
        }
        rows = client.command("SELECT count() FROM bench")
        if rows != 2 * _BLOCK_ROWS * len(blocks):
            raise RuntimeError(f"{rows} rows arrived of {2 * _BLOCK_ROWS * len(blocks)}")
        return {**figures, "idle_mib": idle >> 20, "after_inserts_mib": process.memory_info().rss >> 20}


def _in_process(folder: Path, avro: list[bytes], selects: int) -> dict[str, Any]:
    with locked(folder), Engine(folder, memory_limit=1 << 30) as engine, engine.session() as session:
        session.query(_TABLE.encode(), "Null", {})
        return {
            **_latency(lambda: session.query(b"SELECT 1", "Native", {}), selects),
            "avro_rows_per_s": _rate(avro, lambda block: _insert(session, block)),
        }


def _insert(session: Session, block: bytes) -> None:
    session.insert("INSERT INTO bench", "Avro", iter([block]), opened=lambda: None)


@contextmanager
def _server(folder: Path, port: int) -> Iterator[psutil.Process]:
    spec = clickhouse_spec(host=_HOST, port=port, folder=folder)
    process = subprocess.Popen(spec.argv, env={**psutil.Process().environ(), **spec.env}, stderr=subprocess.DEVNULL)
    try:
        while not spec.ready():
            if process.poll() is not None:
                sys.exit(f"the server ended with {process.returncode}: is port {port} taken? Choose one with --port.")
            time.sleep(0.05)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _latency(call: Callable[[], object], times: int) -> dict[str, float]:
    call()
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    cuts = statistics.quantiles(seconds, n=20)
    return {"select_1_p50_ms": round(cuts[9] * 1e3, 2), "select_1_p95_ms": round(cuts[18] * 1e3, 2)}


def _rate(blocks: Sequence[Block], insert: Callable[[Block], object]) -> int:
    began = time.perf_counter()
    for block in blocks:
        insert(block)
    return round(_BLOCK_ROWS * len(blocks) / (time.perf_counter() - began))


def _rows(start: int) -> list[Row]:
    chance = random.Random(start)
    return [
        (
            number,
            f"device-{number % 500}",
            "".join(chance.choices("abcdefgh 0123456789\n", k=30)) * 20,
            1_700_000_000_000,
        )
        for number in range(start, start + _BLOCK_ROWS)
    ]


def _avro(rows: list[Row]) -> bytes:
    block = io.BytesIO()
    records = [dict(zip(("id", "device", "output", "at"), row, strict=True)) for row in rows]
    fastavro.writer(block, _SCHEMA, records, sync_interval=1 << 30)
    return block.getvalue()


if __name__ == "__main__":
    main()
