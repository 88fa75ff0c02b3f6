"""What a child writes: kept in a bounded file, its last lines at hand, its complaints passed on."""

import asyncio
import logging
import os
from collections import deque
from collections.abc import AsyncIterator, Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from cli.stack.logline import is_complaint, readable

_CHUNK = 65536
_LONGEST_LINE = 65536


class ChildLog:
    """Collects one child's output across its restarts."""

    def __init__(self, path: Path, *, max_bytes: int, complain: Callable[[str], None]) -> None:
        """Append to `path`; `complain` is called with what a person should see of warnings and errors."""
        self._file = RotatingFileHandler(path, maxBytes=max_bytes, backupCount=1, encoding="utf-8", delay=True)
        self._complain = complain
        self._last: deque[str] = deque(maxlen=20)

    def begin(self) -> None:
        """Forget the last lines: a new process writes from here on."""
        self._last.clear()

    async def collect(self, descriptor: int) -> None:
        """Read the child's output from that end of a pipe until its other end is closed, then close it."""
        stream = asyncio.StreamReader()
        pipe = os.fdopen(descriptor, "rb", buffering=0)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), pipe
        )
        try:
            await self._keep(stream)
        finally:
            transport.close()

    async def _keep(self, stream: asyncio.StreamReader) -> None:
        async for line in _lines(stream):
            self._last.append(line)
            self._file.emit(logging.makeLogRecord({"msg": line}))
            if is_complaint(line):
                self._complain(readable(line))

    @property
    def last_lines(self) -> list[str]:
        """The newest lines of the process that ran last, readable, oldest first."""
        return [readable(line) for line in self._last]

    def close(self) -> None:
        """Close the file."""
        self._file.close()


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """Split into lines without their ends; a line longer than the limit comes in pieces."""
    rest = b""
    while chunk := await stream.read(_CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace").rstrip("\r")
        if len(rest) > _LONGEST_LINE:
            yield rest.decode(errors="replace")
            rest = b""
    if rest:
        yield rest.decode(errors="replace")
