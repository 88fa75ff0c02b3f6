import asyncio

import pytest

from runtime.line_pool import LinePool, PoolFullError
from tests.runtime.line_programs import MOODY, program


async def test_one_process_is_enough_for_one_question_at_a_time() -> None:
    pool = LinePool(MOODY, size=3, max_waiting=0)
    assert len({await pool.ask(b"pid", 10) for _ in range(5)}) == 1
    await pool.close()


async def test_questions_wait_up_to_the_bound() -> None:
    pool = LinePool(program("time.sleep(0.2); print(line, flush=True)"), size=2, max_waiting=1)
    asked = [asyncio.create_task(pool.ask(b"%d" % n, 10)) for n in range(3)]
    await asyncio.sleep(0)
    assert pool.waiting == 1
    with pytest.raises(PoolFullError, match="1 questions wait for 2 test processes"):
        await pool.ask(b"one too many", 10)
    assert await asyncio.gather(*asked) == [b"0", b"1", b"2"]
    assert await pool.ask(b"later", 10) == b"later"
    await pool.close()


async def test_a_process_that_failed_is_asked_again() -> None:
    pool = LinePool(MOODY, size=1, max_waiting=5)
    answers = await asyncio.gather(*(pool.ask(word, 10) for word in (b"a", b"die", b"b")), return_exceptions=True)
    assert [answers[0], answers[2]] == [b"a", b"b"]
    assert isinstance(answers[1], Exception)
    await pool.close()
