import asyncio
import os
from pathlib import Path

from cli.stack.childlog import ChildLog


async def collect(tmp_path: Path, output: bytes, *, max_bytes: int = 100_000) -> tuple[ChildLog, list[str]]:
    complaints: list[str] = []
    log = ChildLog(tmp_path / "child.log", max_bytes=max_bytes, complain=complaints.append)
    outlet, inlet = os.pipe()
    await asyncio.gather(log.collect(outlet), asyncio.to_thread(_write, inlet, output))
    log.close()
    return log, complaints


async def test_everything_is_kept_in_the_file(tmp_path: Path) -> None:
    log, complaints = await collect(tmp_path, "one\r\ntwö\nthree".encode())
    assert (tmp_path / "child.log").read_text() == "one\ntwö\nthree\n"
    assert log.last_lines == ["one", "twö", "three"]
    assert complaints == []


async def test_only_warnings_and_errors_are_passed_on(tmp_path: Path) -> None:
    lines = ['{"level": "warning", "event": "slow"}', "calm", "2026 ERROR broken"]
    log, complaints = await collect(tmp_path, "\n".join(lines).encode())
    assert complaints == ["warning: slow", "2026 ERROR broken"]
    assert log.last_lines == ["warning: slow", "calm", "2026 ERROR broken"]
    assert (tmp_path / "child.log").read_text().splitlines() == lines


async def test_the_file_is_bounded(tmp_path: Path) -> None:
    await collect(tmp_path, b"0123456789\n" * 10_000, max_bytes=20_000)
    assert _size_of(tmp_path) <= 40_000


async def test_a_line_without_end_comes_in_pieces(tmp_path: Path) -> None:
    log, _ = await collect(tmp_path, b"x" * 300_000, max_bytes=1_000_000)
    assert _size_of(tmp_path) == 300_000 + len(log.last_lines)
    assert len(log.last_lines) > 1


async def test_a_new_process_starts_with_no_last_lines(tmp_path: Path) -> None:
    log, _ = await collect(tmp_path, b"old\n")
    log.begin()
    assert log.last_lines == []


def _write(inlet: int, output: bytes) -> None:
    with os.fdopen(inlet, "wb") as pipe:
        pipe.write(output)


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())
