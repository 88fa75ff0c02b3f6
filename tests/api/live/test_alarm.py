import asyncio

from api.live.alarm import Alarm


class Bell:
    def __init__(self) -> None:
        self.rung = asyncio.Event()
        self.times = 0

    def ring(self) -> None:
        self.times += 1
        self.rung.set()


async def test_it_rings_once_when_its_time_has_passed() -> None:
    bell, begun = Bell(), asyncio.get_running_loop().time()
    Alarm(bell.ring).set(0.02)
    await bell.rung.wait()
    assert asyncio.get_running_loop().time() - begun >= 0.02
    await asyncio.sleep(0.05)
    assert bell.times == 1


async def test_moved_on_it_rings_later() -> None:
    bell, begun = Bell(), asyncio.get_running_loop().time()
    alarm = Alarm(bell.ring)
    alarm.set(0.01)
    alarm.set(0.1)
    await bell.rung.wait()
    assert asyncio.get_running_loop().time() - begun >= 0.1


async def test_moved_back_it_rings_earlier() -> None:
    bell = Bell()
    alarm = Alarm(bell.ring)
    alarm.set(3600)
    alarm.set(0.01)
    await asyncio.wait_for(bell.rung.wait(), 60)


async def test_unset_it_does_not_ring_until_it_is_set_again() -> None:
    bell = Bell()
    alarm = Alarm(bell.ring)
    alarm.set(0.01)
    alarm.unset()
    await asyncio.sleep(0.05)
    assert bell.times == 0
    alarm.set(0.01)
    await asyncio.wait_for(bell.rung.wait(), 60)
