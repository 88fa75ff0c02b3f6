import gzip
import random
import zlib
from collections.abc import Callable, Iterator

import cramjam
import lz4.frame  # type: ignore[import-untyped]
import pytest
from backports import zstd

from cli.stack.clickhouse.compression import PREFERRED, decode, encoder, negotiate
from cli.stack.clickhouse.errors import ClickHouseError

_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "lz4": lz4.frame.compress,
    "zstd": zstd.compress,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
}
_TEXT = random.Random(7).randbytes(40_000) + b"line of text\n" * 30_000


def _cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("piece", [1 << 16, 4_999])
@pytest.mark.parametrize("encoding", _COMPRESS)
def test_all_frames_of_a_body_are_decoded(encoding: str, piece: int) -> None:
    body = b"".join(_COMPRESS[encoding](block) for block in (_TEXT, b"second", _TEXT[::-1]))
    assert b"".join(decode(_cut(body, piece), encoding)) == _TEXT + b"second" + _TEXT[::-1]


def test_brotli_is_decoded() -> None:
    body = bytes(cramjam.brotli.compress(_TEXT))
    assert b"".join(decode(_cut(body, 1_000), "br")) == _TEXT


@pytest.mark.parametrize("encoding", PREFERRED)
def test_a_body_that_ends_within_a_frame_is_refused(encoding: str) -> None:
    whole = bytes(cramjam.brotli.compress(_TEXT)) if encoding == "br" else _COMPRESS[encoding](_TEXT)
    with pytest.raises(ClickHouseError, match=r"CANNOT_DECOMPRESS") as refused:
        list(decode(_cut(whole[:-10], 1_000), encoding))
    assert refused.value.status == 400


@pytest.mark.parametrize("encoding", PREFERRED)
def test_garbage_is_refused(encoding: str) -> None:
    with pytest.raises(ClickHouseError, match=r"CANNOT_DECOMPRESS"):
        list(decode(iter([b"this is no frame at all"]), encoding))


def test_an_unknown_encoding_names_the_known_ones() -> None:
    with pytest.raises(ClickHouseError, match=r"use lz4, zstd") as refused:
        decode(iter([]), "snappy")
    assert refused.value.status == 501


@pytest.mark.parametrize("encoding", PREFERRED)
def test_what_is_encoded_piece_by_piece_decodes_to_the_same(encoding: str) -> None:
    compressor = encoder(encoding)
    body = b"".join([*(compressor.encode(piece) for piece in _cut(_TEXT, 9_999)), compressor.finish()])
    assert b"".join(decode(_cut(body, 1_000), encoding)) == _TEXT


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [("lz4,zstd,gzip,deflate", "lz4"), ("gzip, br;q=0.9", "gzip"), ("zstd;q=0", ""), ("", ""), ("identity", "")],
)
def test_the_cheapest_offered_encoding_is_chosen(accepted: str, chosen: str) -> None:
    assert negotiate(accepted) == chosen
