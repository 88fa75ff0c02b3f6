"""A long result on its way from the engine's thread to the event loop."""

import asyncio
import secrets
import string
import threading
from collections.abc import AsyncIterator

_PIECES_AHEAD = 4
_TAG_LENGTH = 16


class AbandonedError(Exception):
    """The client has gone; nobody wants the rest of the result."""


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
