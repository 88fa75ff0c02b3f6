"""What the spool still gives after a crash, a power cut or a bad disk: everything but what was hit."""

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.spool import Backlog, Spool, record
from producers.spool.record import MAGIC

LIMIT = 1 << 20
PAYLOADS = [b"first", b"", b"\xf5NC2 inside" * 3, b"x" * 300, b"\x00" * 40, b"last"]


def drain(spool: Spool) -> list[bytes]:
    payloads: list[bytes] = []
    while (read := spool.read(max_payloads=2, max_bytes=1 << 30)).payloads:
        payloads += read.payloads
        spool.forget(read.ends[-1])
    return payloads


def spool_with(folder: Path, segment: bytes, *, name: str = "1.records") -> Spool:
    """A spool whose one segment file has these bytes."""
    (folder / "segments").mkdir(parents=True, exist_ok=True)
    (folder / "segments" / name).write_bytes(segment)
    return Spool(folder, max_bytes=LIMIT, durable=False)


def ends(payloads: list[bytes]) -> list[int]:
    return [found.end for found in record.decode(b"".join(map(record.encode, payloads)))]


def record_v1(payload: bytes) -> bytes:
    """As the first version wrote it."""
    return struct.pack(">II", len(payload), zlib.crc32(payload)) + payload


def test_a_tail_torn_at_any_byte_costs_only_the_torn_record(tmp_path: Path) -> None:
    segment = b"".join(map(record.encode, PAYLOADS))
    for size in range(len(segment)):
        whole = [payload for payload, end in zip(PAYLOADS, ends(PAYLOADS), strict=True) if end <= size]
        folder = tmp_path / str(size)
        spool_with(folder, segment[:size]).append([b"after the crash"])
        assert drain(Spool(folder, max_bytes=LIMIT)) == [*whole, b"after the crash"], size


def test_any_flipped_bit_costs_only_the_record_it_is_in(tmp_path: Path) -> None:
    segment = b"".join(map(record.encode, PAYLOADS))
    for bit in range(len(segment) * 8):
        damaged = bytearray(segment)
        damaged[bit // 8] ^= 1 << bit % 8
        hit = next(index for index, end in enumerate(ends(PAYLOADS)) if bit // 8 < end)
        found = [found.payload for found in record.decode(bytes(damaged))]
        assert found == PAYLOADS[:hit] + PAYLOADS[hit + 1 :], bit


@given(
    st.lists(st.one_of(st.binary(max_size=60), st.binary(max_size=9).map(MAGIC.__add__)), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0), st.binary(min_size=1, max_size=12)), min_size=1, max_size=3),
)
@settings(max_examples=200, deadline=None)
def test_whatever_is_overwritten_exactly_the_untouched_payloads_stay(
    payloads: list[bytes], scribbles: list[tuple[int, bytes]]
) -> None:
    before = b"".join(map(record.encode, payloads))
    after = bytearray(before)
    for place, junk in scribbles:
        at = place % len(before)
        after[at : at + len(junk)] = junk
    starts = [0, *ends(payloads)]
    untouched = [
        payload
        for payload, start, end in zip(payloads, starts, starts[1:], strict=False)
        if before[start:end] == after[start:end]
    ]
    assert [found.payload for found in record.decode(bytes(after[: len(before)]))] == untouched


@pytest.mark.parametrize("zeros", [1, 8, 4096])
@pytest.mark.parametrize("name", ["1.records", "1.segment"])
def test_zeros_that_a_power_cut_leaves_are_no_records(tmp_path: Path, zeros: int, name: str) -> None:
    encode = record.encode if name == "1.records" else record_v1
    spool = spool_with(tmp_path, encode(b"one") + bytes(zeros), name=name)
    spool.append([b"two"])
    assert drain(spool) == [b"one", b"two"]
    assert spool.is_empty()


def test_damage_in_the_middle_is_passed_over_by_a_spool_that_goes_on(tmp_path: Path) -> None:
    segment = bytearray(b"".join(map(record.encode, [b"one", b"two", b"three"])))
    segment[ends([b"one"])[0] + 6] ^= 0xFF
    spool = spool_with(tmp_path, bytes(segment))
    spool.append([b"four"])
    assert spool.backlog() == Backlog(events=3, oldest=b"one")
    assert drain(spool) == [b"one", b"three", b"four"]


def test_the_first_versions_segments_are_sent_and_not_written_to(tmp_path: Path) -> None:
    old = b"".join(map(record_v1, [b"one", b"two", b"three"]))
    spool = spool_with(tmp_path, old, name=f"{7:020d}.segment")
    spool.append([b"four"])
    assert (tmp_path / "segments" / f"{7:020d}.segment").read_bytes() == old
    assert spool.backlog() == Backlog(events=4, oldest=b"one")
    assert drain(spool) == [b"one", b"two", b"three", b"four"]
    assert spool.is_empty()


def test_the_backlog_is_what_was_not_sent_yet_whoever_wrote_it(tmp_path: Path) -> None:
    mine, other = (Spool(tmp_path, max_bytes=64 * 1024, durable=False) for _ in range(2))
    for number in range(30):
        (mine if number % 2 else other).append([b"%d" % number + b"x" * 1000])
    assert mine.backlog() == other.backlog() == Backlog(events=30, oldest=b"0" + b"x" * 1000)
    assert mine.start_draining()
    mine.forget(mine.read(max_payloads=3, max_bytes=1 << 20).ends[-1])
    assert other.backlog() == Backlog(events=27, oldest=b"3" + b"x" * 1000)
    drain(mine)
    assert mine.backlog() == Backlog()
