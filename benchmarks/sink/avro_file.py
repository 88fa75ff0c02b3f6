"""The limit: ClickHouse itself reads the rows from one Avro file on its own disk, through the same views."""

import os
from collections.abc import Sequence
from pathlib import Path

import psutil

from benchmarks.sink.events import SCHEMA
from benchmarks.sink.meter import Cost, Meter
from benchmarks.sink.stage import Stage
from schemas.wire import HEADER_SIZE
from sinks.container import ContainerFormat, Datum


def write_file(path: Path, values: Sequence[bytes]) -> None:
    """Write what the sink would send, all of it as one container."""
    datums = (Datum(0, offset, value[HEADER_SIZE:]) for offset, value in enumerate(values))
    path.write_bytes(ContainerFormat(SCHEMA).frame(os.urandom(16), datums))


def read_file(stage: Stage, path: Path, rows: int) -> Cost:
    """Measure one INSERT ... SELECT FROM file."""
    columns = ", ".join(ContainerFormat(SCHEMA).columns)
    meter = Meter(psutil.Process(), stage.engine)
    stage.client.command(f"INSERT INTO commands ({columns}) SELECT {columns} FROM file('{path}', 'Avro')")
    return meter.cost(rows)
