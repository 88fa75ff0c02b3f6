import asyncio

import pytest

from api.sharing import Sharing


class Source:
    """Answers when it is told to, and counts how often it is asked."""

    def __init__(self, answer: bytes = b"answer") -> None:
        self.asked = 0
        self.answer = answer
        self.may_answer = asyncio.Event()

    async def ask(self) -> bytes:
        self.asked += 1
        await self.may_answer.wait()
        if not self.answer:
            raise RuntimeError("no answer")
        return self.answer


async def test_those_who_ask_at_the_same_time_are_answered_at_once() -> None:
    sharing, source = Sharing(0, most_bytes=100), Source()
    asking = [asyncio.create_task(sharing.answer("question", source.ask)) for _ in range(5)]
    await asyncio.sleep(0)
    source.may_answer.set()
    assert await asyncio.gather(*asking) == [b"answer"] * 5
    assert source.asked == 1


async def test_other_questions_are_asked_for_themselves() -> None:
    sharing, source = Sharing(60, most_bytes=100), Source()
    source.may_answer.set()
    await sharing.answer("one", source.ask)
    await sharing.answer("other", source.ask)
    assert source.asked == 2


@pytest.mark.parametrize(("seconds", "most_bytes", "asked"), [(60, 100, 1), (0, 100, 2), (60, 5, 2)])
async def test_an_answer_is_kept_for_its_time_and_where_there_is_room(
    seconds: float, most_bytes: int, asked: int
) -> None:
    sharing, source = Sharing(seconds, most_bytes=most_bytes), Source()
    source.may_answer.set()
    for _ in range(2):
        assert await sharing.answer("question", source.ask) == b"answer"
    assert source.asked == asked


async def test_an_answer_is_forgotten_and_makes_room() -> None:
    sharing, source = Sharing(0.01, most_bytes=6), Source()
    source.may_answer.set()
    await sharing.answer("one", source.ask)
    async with asyncio.timeout(10):
        while source.asked < 4:
            await sharing.answer("one", source.ask)
            await asyncio.sleep(0.001)


async def test_a_failure_is_told_to_those_who_wait_and_not_kept() -> None:
    sharing, source = Sharing(60, most_bytes=100), Source(b"")
    asking = [asyncio.create_task(sharing.answer("question", source.ask)) for _ in range(2)]
    await asyncio.sleep(0)
    source.may_answer.set()
    assert [type(error) for error in await asyncio.gather(*asking, return_exceptions=True)] == [RuntimeError] * 2
    source.answer = b"better"
    assert await sharing.answer("question", source.ask) == b"better"


async def test_one_who_leaves_takes_the_answer_from_nobody() -> None:
    sharing, source = Sharing(0, most_bytes=100), Source()
    leaving, staying = (asyncio.create_task(sharing.answer("question", source.ask)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    source.may_answer.set()
    assert await staying == b"answer"
    assert source.asked == 1
