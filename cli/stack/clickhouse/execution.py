"""One request, run on the engine from its first byte to its last."""

from collections.abc import Generator, Iterator
from itertools import chain

from cli.stack.clickhouse.engine import Engine
from cli.stack.clickhouse.errors import NOT_IMPLEMENTED, SYNTAX_ERROR, TOO_LARGE, server_error
from cli.stack.clickhouse.request import QueryRequest
from cli.stack.clickhouse.session import Session
from cli.stack.clickhouse.statement import (
    InlineInsert,
    calls,
    find_inline_insert,
    find_result_format,
    holds_several,
    leading_words,
    mentions,
    quoted,
    quoted_name,
    string_literals,
)
from cli.stack.clickhouse.summary import Summary
from cli.stack.clickhouse.witness import Witness

_LONGEST_HEAD = 1 << 18
"""Bytes within which an INSERT's data must begin: ClickHouse's own default for max_query_size."""
_LONGEST_STATEMENT = 1 << 24

# The engine's library encodes each piece of a streamed result as if it were the whole: right for these only.
_STREAMABLE = frozenset(
    {"native", "tabseparated", "tsv", "tabseparatedraw", "tsvraw", "csv", "rowbinary", "jsoneachrow", "ndjson"}
)
_READS = frozenset({"SELECT", "WITH", "(", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN"})


class Execution:
    """Runs in one thread; `result_format` and `read_only` are set before the first piece, `summary` with each."""

    def __init__(self, engine: Engine, request: QueryRequest, body: Iterator[bytes]) -> None:
        self._engine = engine
        self._request = request
        self._body = body
        self.result_format: str | None = None
        """The format of the result; None for a statement that has none."""
        self.read_only = False
        self.summary = Summary()

    def pieces(self) -> Generator[bytes, None, None]:
        """Run the statement and yield its result.

        Raises:
            ClickHouseError: whatever the engine says against it; after some pieces, too.

        """
        text = self._beginning()
        insert = find_inline_insert(text)
        with self._engine.session() as session:
            self._prepare(session)
            if insert:
                self.summary = self._insert_inline(session, insert, text)
            else:
                yield from self._run(session, self._whole(text))

    def _beginning(self) -> bytes:
        """Return the statement's first bytes, at least so many that an INSERT's head is among them."""
        parts = [self._request.query.encode("utf-8", "surrogateescape")]
        size = 0
        for piece in self._body:
            parts.append(piece)
            size += len(piece)
            if size >= _LONGEST_HEAD:
                break
        return b"\n".join(part for part in (parts[0], b"".join(parts[1:])) if part)

    def _whole(self, text: bytes) -> bytes:
        parts = [text]
        size = len(text)
        for piece in self._body:
            parts.append(piece)
            size += len(piece)
            if size > _LONGEST_STATEMENT:
                message = f"A statement may have {_LONGEST_STATEMENT} bytes: send data behind INSERT ... FORMAT."
                raise server_error(TOO_LARGE, "QUERY_IS_TOO_LARGE", message)
        return b"".join(parts)

    def _prepare(self, session: Session) -> None:
        if self._request.database not in {"", "default"}:
            session.use(self._request.database)
        for table in self._request.external:
            name = quoted_name(table.name)
            session.query(f"CREATE TEMPORARY TABLE {name} ({table.structure})".encode(), "Null", {})
            self._insert(session, f"INSERT INTO {name}", table.format, iter([table.data]))
        session.set(self._request.settings, query_id=self._request.query_id)

    def _insert_inline(self, session: Session, insert: InlineInsert, text: bytes) -> Summary:
        session.bind(self._request.parameters)
        return self._insert(session, insert.head, insert.format, chain([text[insert.data_start :]], self._body))

    def _insert(self, session: Session, head: str, data_format: str, data: Iterator[bytes]) -> Summary:
        witness = Witness(self._engine, self._request.query_id)
        summary = session.insert(head, data_format, data, opened=witness.note_open)
        witness.testify()
        return summary

    def _run(self, session: Session, sql: bytes) -> Iterator[bytes]:
        words = leading_words(sql, 2)
        _refuse_unsupported(sql, words)
        self.read_only = bool(words) and words[0] in _READS
        result_format = find_result_format(sql) or self._request.default_format
        if self.read_only:
            self.result_format = result_format
        if self._can_stream(words, sql, result_format):
            for body, summary in session.stream(sql, result_format, self._request.parameters):
                self.summary = summary
                yield body
            return
        sql = self._in_engine_ids(sql) if words == ("KILL", "QUERY") else sql
        body, self.summary = session.query(sql, result_format, self._request.parameters)
        if body:
            self.result_format = result_format
            yield body

    def _can_stream(self, words: tuple[str, ...], sql: bytes, result_format: str) -> bool:
        return (
            words[:1] in {("SELECT",), ("WITH",), ("(",)}
            and result_format.lower() in _STREAMABLE
            and "extremes" not in self._request.settings
            and not mentions(sql, "TOTALS", "INSERT", "EXTREMES", "OUTFILE")
        )

    def _in_engine_ids(self, sql: bytes) -> bytes:
        """Put the engine's ids in the place of callers' query ids, which the engine does not know."""
        text = sql.decode("utf-8", "surrogateescape")
        for query_id in string_literals(sql):
            if engine_id := self._engine.engine_id(query_id):
                text = text.replace(quoted(query_id), quoted(engine_id))
        return text.encode("utf-8", "surrogateescape")


def _refuse_unsupported(sql: bytes, words: tuple[str, ...]) -> None:
    """Raise for statements that the engine's library would take, and do something else than the server."""
    if holds_several(sql):
        raise server_error(SYNTAX_ERROR, "SYNTAX_ERROR", "Multi-statements are not allowed: send one at a time.")
    if words[:1] == ("INSERT",) and calls(sql, "INPUT"):
        message = "INSERT ... SELECT ... FROM input() is not supported here: insert into a table, and select from that."
        raise server_error(NOT_IMPLEMENTED, "NOT_IMPLEMENTED", message)
