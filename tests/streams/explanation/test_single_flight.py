import asyncio

import redis.asyncio as redis

from streams.caching.keys import explaining_key
from streams.caching.redis_link import RedisLink
from streams.explanation.single_flight import SingleFlight
from tests.services.process import HOST, free_port
from tests.streams.explanation.samples import loss_request


class Crowd:
    """Counts who is inside at once."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0

    async def __aenter__(self) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(0.01)

    async def __aexit__(self, *_: object) -> None:
        self.inside -= 1


async def enter(flight: SingleFlight, crowd: Crowd, fingerprint: bytes) -> None:
    async with flight.hold(loss_request(fingerprint=fingerprint)), crowd:
        pass


async def test_one_at_a_time_across_processes_and_within_one(redis_database: str) -> None:
    links = [RedisLink(redis_database, timeout=2) for _ in range(3)]
    flights = [SingleFlight(link, version="1", ttl=5) for link in links]
    crowd = Crowd()
    await asyncio.gather(*(enter(flight, crowd, b"f" * 16) for flight in flights for _ in range(3)))
    assert crowd.most == 1
    others = Crowd()
    await asyncio.gather(*(enter(flights[0], others, bytes([number]) * 16) for number in range(5)))
    assert others.most > 1, "other fingerprints do not wait"
    for link in links:
        await link.close()


async def test_a_lock_is_renewed_while_it_is_held_and_gone_after_it(redis_database: str) -> None:
    link = RedisLink(redis_database, timeout=2)
    request = loss_request()
    key = explaining_key("1", request.tenant_id, request.fingerprint)
    async with redis.Redis.from_url(redis_database) as client:
        async with SingleFlight(link, version="1", ttl=0.6).hold(request):
            holder = await client.get(key)
            await asyncio.sleep(1.5)
            assert await client.get(key) == holder
        assert await client.get(key) is None
    await link.close()


async def test_the_lock_of_another_is_not_released(redis_database: str) -> None:
    link = RedisLink(redis_database, timeout=2)
    request = loss_request()
    key = explaining_key("1", request.tenant_id, request.fingerprint)
    async with redis.Redis.from_url(redis_database) as client:
        async with SingleFlight(link, version="1", ttl=60).hold(request):
            await client.set(key, "another")
        assert await client.get(key) == b"another"
    await link.close()


async def test_without_redis_one_process_still_goes_one_at_a_time() -> None:
    link = RedisLink(f"redis://{HOST}:{free_port()}", timeout=0.2)
    flight, crowd = SingleFlight(link, version="1", ttl=5), Crowd()
    await asyncio.gather(*(enter(flight, crowd, b"f" * 16) for _ in range(3)))
    assert crowd.most == 1
    await link.close()
