"""A request's body, received whole before the engine sees any of it: a client that breaks off inserts nothing."""

from collections.abc import AsyncIterator, Iterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

_IN_MEMORY = 1 << 25
_PIECE = 1 << 16


class Body:
    """The bytes as they were sent, in memory while they are few; a context manager that frees them."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed with this object

    async def receive(self, stream: AsyncIterator[bytes]) -> Self:
        """Take in the whole body."""
        async for piece in stream:
            self._file.write(piece)
        self._file.seek(0)
        return self

    def pieces(self) -> Iterator[bytes]:
        """Yield the body, small enough that no piece of a compressed one grows out of bounds."""
        while piece := self._file.read(_PIECE):
            yield piece

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
