"""One session on the engine: a current database, settings, temporary tables, and one statement at a time.

A session costs a tenth of a millisecond, so each request gets its own and nothing leaks from one into the next.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cli.stack.clickhouse.errors import ClickHouseError, engine_error, server_error
from cli.stack.clickhouse.statement import quoted, quoted_name
from cli.stack.clickhouse.summary import Summary

_SETTING_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


class Session:
    """One session. Every method raises ClickHouseError."""

    def __init__(self, connection: Any, version: str) -> None:
        self._connection = connection
        self._version = version

    def use(self, database: str) -> None:
        """Make `database` the current one."""
        self._run(f"USE {quoted_name(database)}".encode(), "Null", {})

    def set(self, settings: Mapping[str, str], *, query_id: str) -> None:
        """Apply settings, and mark what this session runs with the caller's query id."""
        for name in settings:
            if not _SETTING_NAME.fullmatch(name):
                raise server_error(115, "UNKNOWN_SETTING", f"Unknown setting {name!r}.")
        marked = {**settings, "log_comment": f"{query_id} {settings.get('log_comment', '')}"}
        assignments = ", ".join(f"{name} = {quoted(value)}" for name, value in marked.items())
        self._run(f"SET {assignments}".encode(), "Null", {})

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

    def insert(self, head: str, data_format: str, data: Iterator[bytes], *, opened: Callable[[], None]) -> Summary:
        """Insert encoded rows; when `data` raises or the engine refuses it, nothing of the block is kept.

        `opened` is called while the insert runs. Errors behind the parsing of the rows are not told (see `witness`).
        """
        began = time.monotonic_ns()
        try:
            with self._connection.send_insert(head, data_format) as inserter:
                opened()
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
