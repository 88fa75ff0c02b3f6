"""The ClickHouse engine in this process: chDB hosts one, on one folder."""

import importlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from cli.stack.clickhouse.session import Session

_MIB = 1 << 20
# The library takes no query id, so the log_comment of each session begins with the caller's.
_RUNS_AS = "startsWith(Settings['log_comment'], {mark:String})"
_FIND_QUERY = b"SELECT query_id FROM system.processes WHERE " + _RUNS_AS.encode()


class Engine(AbstractContextManager["Engine"]):
    """The one engine of this process, open on a data folder until the `with` block ends.

    Args:
        folder: where tables live; owned by this process.
        memory_limit: bytes that all queries, merges and caches together may take.

    """

    def __init__(self, folder: Path, *, memory_limit: int) -> None:
        self._path = str(folder.resolve())
        options = "&".join(f"{name}={value}" for name, value in _server_settings(memory_limit).items())
        os.environ["TZ"] = "UTC"  # read by the engine when it is loaded
        time.tzset()
        self._library = importlib.import_module("chdb")  # loading takes a second: not for --help
        self._owner = self._library.connect(f"{self._path}?{options}")
        self.version: str = self._owner.query("SELECT version()", "TSVRaw").bytes().decode().strip()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._owner.close()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session; use it from one thread."""
        connection = self._library.connect(f"{self._path}?implicit_select=0")
        try:
            yield Session(connection, self.version)
        finally:
            connection.close()

    def kill(self, query_id: str) -> None:
        """Ask the engine to stop the query that runs under this id; a query that is not running is no error."""
        with self.session() as session:
            session.query(f"KILL QUERY WHERE {_RUNS_AS} ASYNC".encode(), "Null", _marked(query_id))

    def engine_id(self, query_id: str) -> str | None:
        """Return the id that the engine itself gave to a running query, as `system.processes` shows it."""
        with self.session() as session:
            found, _ = session.query(_FIND_QUERY, "TSVRaw", _marked(query_id))
            return found.decode().strip() or None

    def rows(self, sql: str, parameters: Mapping[str, str]) -> list[list[Any]]:
        """Return a SELECT's rows, run in a session of its own."""
        with self.session() as session:
            found, _ = session.query(sql.encode(), "JSONCompactEachRow", parameters)
        return [json.loads(line) for line in found.decode(errors="replace").splitlines()]


def _marked(query_id: str) -> dict[str, str]:
    escaped = query_id.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    return {"mark": f"{escaped} "}


def _server_settings(memory_limit: int) -> dict[str, int]:
    """Keep an idle process small: the defaults are for a server that has the machine to itself."""
    return {
        "max_server_memory_usage": memory_limit,
        "merges_mutations_memory_usage_soft_limit": memory_limit // 2,
        "mark_cache_size": 32 * _MIB,
        "primary_index_cache_size": 32 * _MIB,
        "index_mark_cache_size": 8 * _MIB,
        "query_condition_cache_size": 8 * _MIB,
        "compiled_expression_cache_size": 8 * _MIB,
        "parquet_metadata_cache_size": 8 * _MIB,
        "vector_similarity_index_cache_size": 8 * _MIB,
        "text_index_tokens_cache_size": 8 * _MIB,
        "text_index_header_cache_size": 8 * _MIB,
        "text_index_postings_cache_size": 8 * _MIB,
    }
