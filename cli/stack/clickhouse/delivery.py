"""How a result gets from the engine's thread to the client: held back while it is short, then streamed."""

import asyncio
import secrets
import string
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from cli.stack.clickhouse.compression import Encoder
from cli.stack.clickhouse.errors import ClickHouseError
from cli.stack.clickhouse.execution import Execution
from cli.stack.clickhouse.summary import Summary

_HOLD_BACK = 1 << 20
"""Bytes of a result before its headers are sent: an error within them still decides the status."""
_IN_MEMORY = 1 << 23
_PIECES_AHEAD = 4
_TAG_LENGTH = 16


class AbandonedError(Exception):
    """The client has gone; nobody wants the rest of the result."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A result that is known to its end."""

    body: IO[bytes]
    size: int
    result_format: str | None
    summary: Summary


class ResultStream:
    """Hands pieces from the engine's thread to the event loop, a few ahead of the client."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue(_PIECES_AHEAD)
        self._abandoned = threading.Event()
        self.started: asyncio.Future[str | None] = loop.create_future()
        """Done, with the result's format, when the first piece is there."""
        self.tag = "".join(secrets.choice(string.ascii_lowercase) for _ in range(_TAG_LENGTH))

    def start(self, result_format: str | None) -> None:
        """Announce pieces (engine's thread)."""
        self._loop.call_soon_threadsafe(self.started.set_result, result_format)

    def put(self, piece: bytes) -> None:
        """Hand over a piece; waits for the client (engine's thread).

        Raises:
            AbandonedError: the client has gone.

        """
        if self._abandoned.is_set():
            raise AbandonedError
        self._hand_over(piece)

    def close(self) -> None:
        """Tell that no piece follows (engine's thread)."""
        if not self._abandoned.is_set():
            self._hand_over(None)

    def _hand_over(self, piece: bytes | None) -> None:
        asyncio.run_coroutine_threadsafe(self._pieces.put(piece), self._loop).result()

    def abandon(self) -> None:
        """Let go of the result (event loop)."""
        self._abandoned.set()
        while not self._pieces.empty():
            self._pieces.get_nowait()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the pieces (event loop)."""
        while (piece := await self._pieces.get()) is not None:
            if piece:
                yield piece


def deliver(execution: Execution, stream: ResultStream, encoder: Encoder, *, to_the_end: bool) -> Reply | None:
    """Run the query in this thread; return its result, or None when it went through `stream`.

    Args:
        execution: what to run.
        stream: where a long result goes.
        encoder: its content encoding.
        to_the_end: hold the whole result back, however long, so that its end decides the status.

    Raises:
        ClickHouseError: the query failed before anything was handed to `stream`; after that, the error is the
            stream's last piece, in the form that clients look for (since ClickHouse 25.11).

    """
    held = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the reply owns it
    with closing(execution.pieces()) as pieces:
        for piece in pieces:
            held.write(encoder.encode(piece))
            if not to_the_end and held.tell() > _HOLD_BACK:
                _stream(pieces, execution, stream, encoder, held)
                return None
    held.write(encoder.finish())
    size = held.tell()
    held.seek(0)
    return Reply(held, size, execution.result_format, execution.summary)


def _stream(
    pieces: Iterator[bytes], execution: Execution, stream: ResultStream, encoder: Encoder, held: IO[bytes]
) -> None:
    stream.start(execution.result_format)
    held.seek(0)
    with held, suppress(AbandonedError), closing(stream):
        stream.put(held.read())
        try:
            for piece in pieces:
                stream.put(encoder.encode(piece))
        except ClickHouseError as error:
            stream.put(encoder.encode(_exception_block(error, stream.tag)))
        stream.put(encoder.finish())


def _exception_block(error: ClickHouseError, tag: str) -> bytes:
    message = str(error).encode()
    marker = b"__exception__"
    return b"\r\n%s\r\n%s\r\n%s\n%d %s\r\n%s\r\n" % (marker, tag.encode(), message, len(message), tag.encode(), marker)
