"""The ClickHouse engine in this process, and sessions on it.

chDB hosts one engine a process; a connection is a session of it (current database, settings, temporary tables) and
costs a tenth of a millisecond, so each request gets its own and nothing leaks from one into the next.
"""

import importlib
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cli.stack.clickhouse.errors import ClickHouseError, engine_error, server_error
from cli.stack.clickhouse.statement import quoted, quoted_name
from cli.stack.clickhouse.summary import Summary

_MIB = 1 << 20
# The library takes no query id, so the log_comment of each session begins with the caller's.
_RUNS_AS = "startsWith(Settings['log_comment'], {mark:String})"
_FIND_QUERY = b"SELECT query_id FROM system.processes WHERE " + _RUNS_AS.encode()
_SETTING_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


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
    def session(self) -> Iterator["Session"]:
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


class Session:
    """One session. Every method raises ClickHouseError."""

    def __init__(self, connection: Any, version: str) -> None:
        self._connection = connection
        self._version = version

    def use(self, database: str) -> None:
        """Make `database` the current one."""
        self._run(f"USE {quoted_name(database)}".encode(), "Null", {})

    def set(self, settings: Mapping[str, str], *, query_id: str) -> Self:
        """Apply settings, and mark what this session runs with the caller's query id."""
        for name in settings:
            if not _SETTING_NAME.fullmatch(name):
                raise server_error(115, "UNKNOWN_SETTING", f"Unknown setting {name!r}.")
        marked = {**settings, "log_comment": f"{query_id} {settings.get('log_comment', '')}"}
        assignments = ", ".join(f"{name} = {quoted(value)}" for name, value in marked.items())
        self._run(f"SET {assignments}".encode(), "Null", {})
        return self

    def bind(self, parameters: Mapping[str, str]) -> None:
        """Set query parameters for inserts, which take them from the session."""
        if parameters:
            assignments = ", ".join(f"{quoted_name('param_' + name)} = {quoted(v)}" for name, v in parameters.items())
            self._run(f"SET {assignments}".encode(), "Null", {})

    def query(self, sql: bytes, result_format: str, parameters: Mapping[str, str]) -> tuple[bytes, Summary]:
        """Run a statement and return its whole result."""
        began = time.monotonic_ns()
        result = self._run(sql, result_format, parameters)
        body: bytes = result.bytes() or b""
        return body, Summary(
            read_rows=result.storage_rows_read(),
            read_bytes=result.storage_bytes_read(),
            written_rows=result.rows_written(),
            written_bytes=result.bytes_written(),
            result_rows=result.rows_read(),
            result_bytes=len(body),
            elapsed_ns=time.monotonic_ns() - began,
        )

    def stream(self, sql: bytes, result_format: str, parameters: Mapping[str, str]) -> Iterator[tuple[bytes, Summary]]:
        """Run a SELECT and yield its result piece by piece, each with the sums so far.

        Each piece is encoded on its own: only for formats that have neither header nor footer.
        """
        began = time.monotonic_ns()
        rows = size = 0
        try:
            for piece in self._connection.send_query(sql, result_format, params=dict(parameters)):
                body: bytes = piece.bytes()
                rows, size = rows + piece.rows_read(), size + len(body)
                yield (
                    body,
                    Summary(
                        read_rows=piece.storage_rows_read(),
                        read_bytes=piece.storage_bytes_read(),
                        result_rows=rows,
                        result_bytes=size,
                        elapsed_ns=time.monotonic_ns() - began,
                    ),
                )
        except Exception as error:
            raise self._translated(error) from error

    def insert(self, head: str, data_format: str, data: Iterator[bytes]) -> Summary:
        """Insert encoded rows; when `data` raises or the engine refuses it, nothing of the block is kept."""
        began = time.monotonic_ns()
        try:
            with self._connection.send_insert(head, data_format) as inserter:
                for piece in data:
                    if piece:
                        inserter.append(piece)
                result = inserter.finish()
        except Exception as error:
            raise self._translated(error) from error
        return Summary(
            written_rows=result.rows_written,
            written_bytes=result.bytes_written,
            elapsed_ns=time.monotonic_ns() - began,
        )

    def _run(self, sql: bytes, result_format: str, parameters: Mapping[str, str]) -> Any:
        try:
            return self._connection.query(sql, result_format, params=dict(parameters))
        except Exception as error:
            raise self._translated(error) from error

    def _translated(self, error: Exception) -> ClickHouseError:
        return error if isinstance(error, ClickHouseError) else engine_error(error, version=self._version)


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
