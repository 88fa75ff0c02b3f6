import asyncio
import threading
import time

from api.live.handover import Handover

BUSY_SECONDS = 0.05


def handover() -> Handover:
    return Handover(asyncio.get_running_loop(), threading.Event(), on_waiting=lambda: None)


async def test_an_action_runs_on_the_loop_before_the_thread_goes_on() -> None:
    ran_in: list[int] = []
    await asyncio.to_thread(handover().run, lambda: ran_in.append(threading.get_ident()))
    assert ran_in == [threading.get_ident()]


async def test_the_loop_gets_as_long_again_as_what_an_action_woke_took() -> None:
    loop = asyncio.get_running_loop()
    begun = time.monotonic()
    await asyncio.to_thread(handover().run_and_rest, lambda: _wake_work(loop))
    assert time.monotonic() - begun >= 2 * BUSY_SECONDS


def _wake_work(loop: asyncio.AbstractEventLoop) -> None:
    loop.call_soon(time.sleep, BUSY_SECONDS)
