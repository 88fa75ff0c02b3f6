"""Takes requests to the engine's threads and brings answers back."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from cli.stack.clickhouse.admission import Admission
from cli.stack.clickhouse.body import Body
from cli.stack.clickhouse.compression import decode, encoder
from cli.stack.clickhouse.delivery import Reply, deliver
from cli.stack.clickhouse.engine import Engine
from cli.stack.clickhouse.errors import ClickHouseError
from cli.stack.clickhouse.execution import Execution
from cli.stack.clickhouse.request import QueryRequest
from cli.stack.clickhouse.responses import reply_response, result_headers
from cli.stack.clickhouse.stream import ResultStream
from runtime.log import get_logger

log = get_logger(__name__)


class QueryService:
    """Runs queries on threads of its own, a bounded number at once.

    Args:
        engine: where they run.
        threads: queries at once.
        queue: queries that may wait for a thread.

    """

    def __init__(self, engine: Engine, *, threads: int, queue: int) -> None:
        self._engine = engine
        self._workers = ThreadPoolExecutor(threads, thread_name_prefix="query")
        self._control = ThreadPoolExecutor(1, thread_name_prefix="kill")
        self._admission = Admission(running=threads, waiting=queue)

    async def answer(self, request: QueryRequest, body: Body, gone: Callable[[], Awaitable[None]]) -> Response:
        """Run one query and return the response, which streams a long result.

        Args:
            request: what to run.
            body: its body; the caller frees it when this has returned or raised, or the query has ended.
            gone: returns when the client has.

        Raises:
            ClickHouseError: the query was refused, or failed before any of its result was sent.

        """
        query = _Query(self._engine, request, body)
        await self._admission.enter(request.query_id)
        work = asyncio.get_running_loop().run_in_executor(self._workers, query.run)
        work.add_done_callback(lambda _: self._admission.leave(request.query_id))
        closed = asyncio.ensure_future(gone())
        try:
            await self._first_result(query, work, closed)
        except asyncio.CancelledError:
            self._abandon(query)
            raise
        finally:
            closed.cancel()
        reply = None if query.stream.started.done() else await work
        if reply is None:
            return _StreamedResponse(query, work, on_close=self._abandon)
        return reply_response(reply, request.query_id, request.accept_encoding)

    def kill_all(self) -> None:
        """Stop what runs; its clients are told so."""
        for query_id in self._admission.query_ids:
            self._kill(query_id)

    async def close(self) -> None:
        """Stop what still runs, and wait for it."""
        self.kill_all()
        await asyncio.to_thread(self._workers.shutdown, cancel_futures=True)
        await asyncio.to_thread(self._control.shutdown)

    async def _first_result(
        self, query: "_Query", work: "asyncio.Future[Reply | None]", closed: "asyncio.Future[None]"
    ) -> None:
        """Wait until the query has ended or streams; stop it when nobody waits for its result."""
        result: set[asyncio.Future[Any]] = {work, query.stream.started}
        await asyncio.wait({*result, closed}, return_when=asyncio.FIRST_COMPLETED)
        if closed.done() and query.cancels_on_close:
            self._kill(query.request.query_id)
        await asyncio.wait(result, return_when=asyncio.FIRST_COMPLETED)

    def _abandon(self, query: "_Query") -> None:
        self._kill(query.request.query_id)
        query.stream.abandon()

    def _kill(self, query_id: str) -> None:
        self._control.submit(self._engine.kill, query_id)


class _Query:
    """One query and where its result goes."""

    def __init__(self, engine: Engine, request: QueryRequest, body: Body) -> None:
        self.request = request
        self.stream = ResultStream(asyncio.get_running_loop())
        self.execution = Execution(engine, request, decode(body.pieces(), request.content_encoding))
        self._body = body

    def run(self) -> Reply | None:
        """Run in a worker's thread."""
        began = time.monotonic()
        with self._body:
            try:
                reply = deliver(
                    self.execution,
                    self.stream,
                    encoder(self.request.accept_encoding),
                    to_the_end=self.request.wait_end_of_query,
                )
            except ClickHouseError as error:
                log.warning("query_failed", query_id=self.request.query_id, code=error.code, seconds=_since(began))
                raise
        log.debug("query", query_id=self.request.query_id, seconds=_since(began))
        return reply

    @property
    def cancels_on_close(self) -> bool:
        """Whether to stop the query when its client leaves."""
        return self.request.cancel_on_close and self.execution.read_only


class _StreamedResponse(StreamingResponse):
    """A result that is sent while the query runs."""

    def __init__(
        self, query: _Query, work: "asyncio.Future[Reply | None]", *, on_close: Callable[[_Query], None]
    ) -> None:
        request = query.request
        headers = result_headers(
            request.query_id, query.stream.started.result(), request.accept_encoding, query.execution.summary
        )
        super().__init__(self._pieces(), headers={**headers, "X-ClickHouse-Exception-Tag": query.stream.tag})
        self._query = query
        self._work = work
        self._on_close = on_close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if not self._work.done():
                self._on_close(self._query)

    async def _pieces(self) -> AsyncIterator[bytes]:
        async for piece in self._query.stream.pieces():
            yield piece
        await self._work  # a defect breaks the connection off rather than end the result


def _since(began: float) -> float:
    return round(time.monotonic() - began, 4)
