import asyncio
from collections.abc import AsyncIterator

import psutil
import pytest
from structlog.testing import capture_logs

from runtime.line_process import AnswerTimeoutError, LineProcess, LineTooLongError, NoAnswerError
from tests.runtime.line_programs import ECHO, MOODY


@pytest.fixture
async def moody() -> AsyncIterator[LineProcess]:
    process = LineProcess(MOODY)
    yield process
    await process.close()


def runs(process: LineProcess) -> bool:
    return process.pid is not None


async def test_it_starts_with_the_first_question_and_answers_each() -> None:
    process = LineProcess(ECHO)
    assert not runs(process)
    answers = await asyncio.gather(*(process.ask(f"line {n}".encode(), 10) for n in range(50)))
    assert answers == [f"line {n}".encode() for n in range(50)]
    pid = process.pid
    assert pid is not None
    assert await process.ask(b"", 10) == b""
    assert process.pid == pid
    await process.close()
    assert not runs(process)
    assert not psutil.pid_exists(pid)


async def test_what_hangs_is_killed_and_replaced(moody: LineProcess) -> None:
    first = int(await moody.ask(b"pid", 10))
    with pytest.raises(AnswerTimeoutError, match="did not answer"):
        await moody.ask(b"hang", 0.1)
    assert not psutil.pid_exists(first)
    assert int(await moody.ask(b"pid", 10)) != first


@pytest.mark.parametrize("word", [b"die", b"half", b"long"])
async def test_what_ends_or_breaks_the_protocol_is_replaced(moody: LineProcess, word: bytes) -> None:
    first = int(await moody.ask(b"pid", 10))
    with pytest.raises(NoAnswerError):
        await moody.ask(word, 10)
    assert int(await moody.ask(b"pid", 10)) != first
    assert not psutil.pid_exists(first)


async def test_an_answer_that_nobody_asked_for_is_given_to_nobody(moody: LineProcess) -> None:
    assert await moody.ask(b"twice", 10) == b"one"
    async with asyncio.timeout(10):
        while runs(moody):  # noqa: ASYNC110 - the line that nobody asked for takes a moment
            await asyncio.sleep(0.01)
    assert await moody.ask(b"three", 10) == b"three"


async def test_a_question_that_is_given_up_leaves_no_answer_behind(moody: LineProcess) -> None:
    first = int(await moody.ask(b"pid", 10))
    asking = asyncio.create_task(moody.ask(b"hang", 60))
    waiting = asyncio.create_task(moody.ask(b"next", 60))
    await asyncio.sleep(0)
    asking.cancel()
    assert await waiting == b"next"
    assert not psutil.pid_exists(first)


async def test_a_long_line_is_refused_and_harms_nothing(moody: LineProcess) -> None:
    first = await moody.ask(b"pid", 10)
    with pytest.raises(LineTooLongError):
        await moody.ask(b"x" * (1 << 20), 10)
    with pytest.raises(ValueError, match="line end"):
        await moody.ask(b"two\nlines", 10)
    assert await moody.ask(b"pid", 10) == first


async def test_complaints_join_the_log(moody: LineProcess) -> None:
    with capture_logs() as logs:
        await moody.ask(b"complain", 10)
        await moody.close()
    assert {"event": "line_process_said", "program": "test", "line": "it hurts", "log_level": "warning"} in logs
