"""The sink itself, as a process with its own settings."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psutil

from benchmarks.sink.meter import Cost, Meter
from benchmarks.sink.stage import Backlog, Stage
from runtime.deathsignal import tie_to_this_process

_LOOK_SECONDS = 0.25
"""A look costs ClickHouse some milliseconds."""
_numbers = count()


def run_sink(stage: Stage, backlog: Backlog) -> Cost:
    """Measure from the moment the sink knows where to read to its last visible row."""
    log = stage.folder / f"sink-{next(_numbers)}.log"
    with _running(backlog, log) as sink:
        _wait(sink, log, lambda: b'"event": "reading"' in log.read_bytes())
        meter = Meter(psutil.Process(sink.pid), stage.engine)

        def done() -> bool:
            meter.look()
            return stage.visible() >= backlog.rows

        _wait(sink, log, done)
        return meter.cost(backlog.rows)


@contextmanager
def _running(backlog: Backlog, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    settings = backlog.settings
    environment = {
        **os.environ,
        "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers,
        "NETCOPILOT_KAFKA_TOPIC_PREFIX": settings.kafka_topic_prefix,
        "NETCOPILOT_CLICKHOUSE_URL": settings.clickhouse_url,
        "NETCOPILOT_SINK_GROUP": log.stem,
        "NETCOPILOT_HEALTH_PORT": "0",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "sink"],
            env=environment,
            stderr=output,
            preexec_fn=tie_to_this_process(),  # noqa: PLW1509 (started from the one thread of the benchmark)
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait(process: subprocess.Popen[bytes], log: Path, condition: Callable[[], bool]) -> None:
    while not condition():
        if process.poll() is not None:
            raise RuntimeError(f"the sink ended with {process.returncode}:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(_LOOK_SECONDS)
