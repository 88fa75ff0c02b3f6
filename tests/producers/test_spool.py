import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.errors import SpoolFullError, SpoolUnusableError
from producers.spool import Spool, record
from tests.producers.conftest import Environment

LIMIT = 1 << 20

CRASHING_WRITER = """
import sys, itertools
from pathlib import Path
from producers.spool import Spool
spool = Spool(Path(sys.argv[1]), max_bytes=1 << 26, durable=False)
for number in itertools.count():
    spool.append([b"%d " % number + b"x" * (number % 5000)])
    sys.stdout.write(f"{number}\\n"); sys.stdout.flush()
"""


def drain(spool: Spool, *, batch: int = 7) -> list[bytes]:
    payloads: list[bytes] = []
    while (read := spool.read(max_payloads=batch, max_bytes=1 << 30)).payloads:
        payloads += read.payloads
        spool.forget(read.ends[-1])
    return payloads


def only_segment(folder: Path) -> Path:
    (segment,) = (folder / "segments").iterdir()
    return segment


def test_what_goes_in_comes_out_in_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path, max_bytes=LIMIT)
    assert spool.is_empty()
    spool.append([b"a", b"", b"c" * 1000])
    spool.append([b"d"])
    assert not spool.is_empty()
    assert drain(spool) == [b"a", b"", b"c" * 1000, b"d"]
    assert spool.is_empty()
    assert spool.size() == 0


def test_a_batch_ends_at_either_limit(tmp_path: Path) -> None:
    spool = Spool(tmp_path, max_bytes=LIMIT)
    spool.append([b"12345"] * 10)
    assert len(spool.read(max_payloads=3, max_bytes=1000).payloads) == 3
    assert len(spool.read(max_payloads=100, max_bytes=12).payloads) == 2
    assert len(spool.read(max_payloads=100, max_bytes=1).payloads) == 1


def test_reading_takes_nothing_out(tmp_path: Path) -> None:
    spool = Spool(tmp_path, max_bytes=LIMIT)
    spool.append([b"a", b"b"])
    first = spool.read(max_payloads=1, max_bytes=1000)
    assert spool.read(max_payloads=1, max_bytes=1000) == first
    assert spool.read(after=first.ends[-1], max_payloads=9, max_bytes=1000).payloads == (b"b",)


def test_another_process_goes_on_where_the_last_stopped(tmp_path: Path) -> None:
    first = Spool(tmp_path, max_bytes=LIMIT)
    first.append([b"a", b"b", b"c"])
    first.forget(first.read(max_payloads=1, max_bytes=1000).ends[-1])
    second = Spool(tmp_path, max_bytes=LIMIT)
    second.append([b"d"])
    first.append([b"e"])
    assert drain(second) == [b"b", b"c", b"d", b"e"]


def test_a_full_spool_refuses_and_names_the_setting(tmp_path: Path) -> None:
    spool = Spool(tmp_path, max_bytes=64 * 1024)
    with pytest.raises(SpoolFullError, match="NETCOPILOT_SPOOL_MAX_BYTES") as caught:
        spool.append([b"x" * 1000] * 100)
    assert caught.value.accepted == 64 * 1024 // (1000 + record.OVERHEAD)
    assert spool.size() <= 64 * 1024
    assert len(drain(spool)) == caught.value.accepted
    spool.append([b"room again"])


def test_sending_part_of_it_makes_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path, max_bytes=64 * 1024)
    for _ in range(60):
        spool.append([b"x" * 1000])
    with pytest.raises(SpoolFullError):
        spool.append([b"x" * 10_000])
    half = spool.read(max_payloads=30, max_bytes=1 << 30)
    spool.forget(half.ends[-1])
    spool.append([b"x" * 1000])


def test_an_unusable_folder_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SpoolUnusableError, match="NETCOPILOT_SPOOL_DIR"):
        Spool(tmp_path / "file" / "spool", max_bytes=LIMIT)


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", max_bytes=LIMIT)
    spool.append([b"a"])
    assert only_segment(tmp_path / "spool").stat().st_mode & 0o077 == 0


def test_one_process_drains_at_a_time(tmp_path: Path) -> None:
    first, second = (Spool(tmp_path, max_bytes=LIMIT) for _ in range(2))
    assert first.start_draining()
    assert first.start_draining()
    assert not second.start_draining()
    first.stop_draining()
    assert second.start_draining()
    second.stop_draining()


@given(
    payloads=st.lists(st.binary(max_size=40), min_size=1, max_size=8),
    cut=st.integers(min_value=0),
    more=st.lists(st.binary(max_size=40), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_a_torn_tail_costs_only_what_was_torn(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[bytes], cut: int, more: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    Spool(folder, max_bytes=LIMIT, durable=False).append(payloads)
    segment = only_segment(folder)
    size = cut % (segment.stat().st_size + 1)
    os.truncate(segment, size)
    whole = [found.payload for found in record.decode(b"".join(map(record.encode, payloads))) if found.end <= size]
    restarted = Spool(folder, max_bytes=LIMIT, durable=False)
    for payload in more:
        restarted.append([payload])
    assert drain(restarted) == whole + more
    assert restarted.is_empty()


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("append"), st.lists(st.binary(max_size=600), min_size=1, max_size=5)),
            st.tuples(st.just("take"), st.integers(1, 6)),
            st.tuples(st.just("restart"), st.none()),
        ),
        max_size=30,
    )
)
@settings(max_examples=60, deadline=None)
def test_it_behaves_like_a_queue(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[bytes] | int | None]]
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool, model = Spool(folder, max_bytes=8192, durable=False), list[bytes]()
    for step, value in steps:
        if step == "append" and isinstance(value, list):
            try:
                spool.append(value)
                model += value
            except SpoolFullError as error:
                model += value[: error.accepted]
        elif step == "take" and isinstance(value, int):
            batch = spool.read(max_payloads=value, max_bytes=1 << 20)
            assert list(batch.payloads) == model[: len(batch.payloads)]
            assert bool(batch.payloads) == bool(model)
            if batch.ends:
                spool.forget(batch.ends[-1])
                del model[: len(batch.payloads)]
        else:
            spool = Spool(folder, max_bytes=8192, durable=False)
        assert spool.size() <= 8192
    assert drain(spool) == model


def test_a_damaged_cursor_repeats_and_loses_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path, max_bytes=LIMIT)
    spool.append([b"a", b"b"])
    spool.forget(spool.read(max_payloads=1, max_bytes=1000).ends[-1])
    (tmp_path / "cursor").write_bytes(b"rubbish")
    assert drain(Spool(tmp_path, max_bytes=LIMIT)) == [b"a", b"b"]


def test_writers_side_by_side_lose_nothing(tmp_path: Path) -> None:
    def write(name: bytes) -> None:
        spool = Spool(tmp_path, max_bytes=LIMIT, durable=False)
        for number in range(100):
            spool.append([b"%s %d" % (name, number)])

    threads = [threading.Thread(target=write, args=(name,)) for name in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    payloads = drain(Spool(tmp_path, max_bytes=LIMIT))
    for name in (b"a", b"b", b"c"):
        assert [p for p in payloads if p.startswith(name)] == [b"%s %d" % (name, n) for n in range(100)]


@pytest.mark.parametrize("kills", [3])
def test_kill_minus_9_loses_nothing_that_was_acknowledged(tmp_path: Path, environment: Environment, kills: int) -> None:
    acknowledged = 0
    for _ in range(kills):
        writer = subprocess.Popen(
            [sys.executable, "-c", CRASHING_WRITER, str(tmp_path)], stdout=subprocess.PIPE, env=environment
        )
        assert writer.stdout is not None
        seen = [int(writer.stdout.readline()) for _ in range(200)]
        writer.send_signal(signal.SIGKILL)
        rest = [int(line) for line in writer.stdout.read().split(b"\n")[:-1]]
        writer.wait()
        writer.stdout.close()
        numbers = [int(payload.split(b" ")[0]) for payload in drain(Spool(tmp_path, max_bytes=1 << 26), batch=500)]
        acknowledged = len(seen + rest)
        assert numbers[:acknowledged] == list(range(acknowledged))
        assert len(numbers) <= acknowledged + 1
