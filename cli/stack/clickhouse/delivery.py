"""How a result gets from the engine's thread to the client: held back while it is short, then streamed."""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from cli.stack.clickhouse.compression import Encoder
from cli.stack.clickhouse.errors import ClickHouseError
from cli.stack.clickhouse.execution import Execution
from cli.stack.clickhouse.stream import AbandonedError, ResultStream
from cli.stack.clickhouse.summary import Summary

_HOLD_BACK = 1 << 20
"""Bytes of a result before its headers are sent: an error within them still decides the status."""
_IN_MEMORY = 1 << 23


@dataclass(frozen=True, slots=True)
class Reply:
    """A result that is known to its end."""

    body: IO[bytes]
    size: int
    result_format: str | None
    summary: Summary


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
