"""The embedded ClickHouse: the engine as a library, behind ClickHouse's HTTP protocol."""

import sys
from pathlib import Path

from cli.stack.probes import http_answers
from cli.stack.spec import ChildSpec


def clickhouse_spec(*, host: str, port: int, folder: Path) -> ChildSpec:
    """Return a ClickHouse that keeps its tables in `folder` (made here)."""
    folder.mkdir(parents=True, exist_ok=True)
    flags = (f"--host={host}", f"--port={port}", f"--data-dir={folder}")
    return ChildSpec(
        name="clickhouse",
        argv=(sys.executable, "-m", "cli.stack.clickhouse", *flags),
        env={"TZ": "UTC"},
        ready=http_answers(host, port, "/ping"),
        address=f"http://{host}:{port}",
        stop_within=20.0,
    )
