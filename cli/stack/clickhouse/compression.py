"""Content encodings of HTTP, both ways, as streams.

A body may hold several frames one behind the other: clickhouse-connect sends an lz4 or zstd frame for each block of a
large insert. A decoder that stops at the end of the first frame loses the rest without an error.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import cramjam
import lz4.frame  # type: ignore[import-untyped]
from backports import zstd

from cli.stack.clickhouse.errors import CANNOT_DECOMPRESS, NOT_IMPLEMENTED, server_error

PREFERRED = ("lz4", "zstd", "gzip", "deflate", "br")
"""Encodings this server can answer with, the cheapest first."""

_GZIP, _DEFLATE = 31, 15
_CORRUPT = (zlib.error, zstd.ZstdError, RuntimeError, EOFError, cramjam.DecompressionError)


class _FrameDecoder(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes | None: ...

    def decompress(self, data: bytes, /) -> bytes: ...


class Encoder(Protocol):
    """Encodes one body, piece by piece."""

    def encode(self, data: bytes) -> bytes:
        """Return the encoded bytes that are ready."""

    def finish(self) -> bytes:
        """Return the rest; the encoder cannot be used after it."""


_DECODERS: dict[str, Callable[[], _FrameDecoder]] = {
    "lz4": lz4.frame.LZ4FrameDecompressor,
    "zstd": zstd.ZstdDecompressor,
    "gzip": lambda: zlib.decompressobj(_GZIP),
    "deflate": lambda: zlib.decompressobj(_DEFLATE),
}


def decode(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Decode a body of any number of frames; an empty `encoding` or `identity` means as it is.

    Raises:
        ClickHouseError: the encoding is unknown, or the body is damaged or ends within a frame.

    """
    if encoding in {"", "identity"}:
        return chunks
    if encoding != "br" and encoding not in _DECODERS:
        known = ", ".join(PREFERRED)
        raise server_error(NOT_IMPLEMENTED, "NOT_IMPLEMENTED", f"Unknown Content-Encoding {encoding!r}: use {known}.")
    return _checked(_brotli(chunks) if encoding == "br" else _frames(chunks, _DECODERS[encoding]), encoding)


def negotiate(accepted: str) -> str:
    """Pick the encoding for an Accept-Encoding header; empty where nothing fits."""
    offered = {part.partition(";")[0].strip().lower() for part in accepted.split(",") if "q=0" not in part.split(";")}
    return next((name for name in PREFERRED if name in offered), "")


def encoder(encoding: str) -> Encoder:
    """Return a fresh encoder; for an empty encoding one that passes bytes through."""
    return _ENCODERS[encoding]()


def _frames(chunks: Iterator[bytes], fresh: Callable[[], _FrameDecoder]) -> Iterator[bytes]:
    decoder: _FrameDecoder | None = None
    for chunk in chunks:
        rest = chunk
        while rest:
            decoder = decoder or fresh()
            yield decoder.decompress(rest)
            if not decoder.eof:
                break
            rest, decoder = decoder.unused_data or b"", None
    if decoder is not None:
        raise EOFError("it ends within a frame")


def _brotli(chunks: Iterator[bytes]) -> Iterator[bytes]:
    body = b"".join(chunks)
    if body:
        yield bytes(cramjam.brotli.decompress(body))


def _checked(decoded: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    try:
        yield from decoded
    except _CORRUPT as error:
        message = f"Cannot decompress the {encoding} request body: {error}."
        raise server_error(CANNOT_DECOMPRESS, "CANNOT_DECOMPRESS", message) from error


class _Identity:
    def encode(self, data: bytes) -> bytes:
        return data

    def finish(self) -> bytes:
        return b""


class _Lz4:
    def __init__(self) -> None:
        self._frame = lz4.frame.LZ4FrameCompressor(auto_flush=True)
        self._begun = False

    def encode(self, data: bytes) -> bytes:
        begin: bytes = b"" if self._begun else self._frame.begin()
        self._begun = True
        return begin + bytes(self._frame.compress(data))

    def finish(self) -> bytes:
        return bytes(self._frame.flush()) if self._begun else b""


class _Zstd:
    def __init__(self) -> None:
        self._frame = zstd.ZstdCompressor(level=1)

    def encode(self, data: bytes) -> bytes:
        return self._frame.compress(data)

    def finish(self) -> bytes:
        return self._frame.flush()


class _Zlib:
    def __init__(self, window: int) -> None:
        self._frame = zlib.compressobj(level=1, wbits=window)

    def encode(self, data: bytes) -> bytes:
        return self._frame.compress(data)

    def finish(self) -> bytes:
        return self._frame.flush()


class _Brotli:
    def __init__(self) -> None:
        self._frame = cramjam.brotli.Compressor(level=3)

    def encode(self, data: bytes) -> bytes:
        self._frame.compress(data)
        return bytes(self._frame.flush())

    def finish(self) -> bytes:
        return bytes(self._frame.finish())


_ENCODERS: dict[str, Callable[[], Encoder]] = {
    "": _Identity,
    "lz4": _Lz4,
    "zstd": _Zstd,
    "gzip": lambda: _Zlib(_GZIP),
    "deflate": lambda: _Zlib(_DEFLATE),
    "br": _Brotli,
}
