"""Purges from the keeper's command to the workers' memories."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest
import redis
from click.testing import CliRunner
from pydantic import SecretStr
from redis.asyncio import Redis as AsyncRedis

from cli.cache import cache_command
from streams import metrics
from streams.caching.caches import Caches
from streams.caching.event_counts import EventCounts
from streams.caching.keys import explained_key, output_key, requested_key
from streams.caching.purge import Purge
from streams.caching.purge_watch import PurgeWatch
from streams.caching.redis_link import RedisLink
from streams.caching.store import CacheStore
from streams.enrichment.outcome import Analyzed
from streams.settings import WorkerSettings
from tests.streams.enrichers import NOWHERE, enriched, make_enricher
from tests.streams.records import analyzed_record, batch_of, event, record_of

FINGERPRINT = bytes(16)


@pytest.fixture
def client(redis_database: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_database) as client:
        yield client


@pytest.fixture
async def link(redis_database: str) -> AsyncIterator[RedisLink]:
    link = RedisLink(redis_database, timeout=1.0)
    yield link
    await link.close()


def keep(client: redis.Redis, *tenants: str) -> None:
    """Have one of everything for each tenant."""
    for tenant in tenants:
        client.set(output_key("v", tenant.encode(), FINGERPRINT), b"x")
        client.set(explained_key("v", tenant, FINGERPRINT), b"x")
        client.set(requested_key("v", tenant, FINGERPRINT), b"x")


def run(redis_url: str, *arguments: str) -> str:
    result = CliRunner().invoke(cache_command, arguments, env={"NETCOPILOT_REDIS_URL": redis_url})
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        ([], set()),
        (["--outputs"], {"acme:explained", "acme:requested", "other:explained", "other:requested"}),
        (["--explanations"], {"acme:output", "other:output"}),
        (["--tenant", "acme"], {"other:output", "other:explained", "other:requested"}),
        (
            ["--tenant", "acme", "--outputs"],
            {"acme:explained", "acme:requested", *(f"other:{kind}" for kind in ("output", "explained", "requested"))},
        ),
    ],
    ids=lambda value: " ".join(sorted(value)),
)
def test_what_is_named_goes_and_the_rest_stays(
    redis_database: str, client: redis.Redis, arguments: list[str], left: set[str]
) -> None:
    keep(client, "acme", "other")
    said = run(redis_database, "purge", *arguments)
    keys = [str(key, errors="replace").split(":") for key in client.keys("netcopilot:*:*") if isinstance(key, bytes)]
    assert {f"{parts[3]}:{parts[1]}" for parts in keys} == left
    assert said == f"{6 - len(left)} entries purged\n"


def test_thousands_go_in_batches(redis_database: str, client: redis.Redis) -> None:
    with client.pipeline() as pipeline:
        for number in range(5_000):
            pipeline.set(output_key("v", b"t", number.to_bytes(16, "big")), b"x")
        pipeline.execute()
    client.set("another:key", b"stays")
    assert run(redis_database, "purge") == "5000 entries purged\n"
    assert client.keys("netcopilot:output:*") == []
    assert client.get("another:key") == b"stays"


def test_a_device_is_announced_and_nothing_deleted(redis_database: str, client: redis.Redis) -> None:
    keep(client, "acme")
    assert run(redis_database, "purge", "--tenant", "acme", "--device", "r1") == "acme/r1 is analysed anew\n"
    assert len(client.keys("netcopilot:*:*")) == 3
    [(_, fields)] = client.xrange("netcopilot:purges") or []
    assert json.loads((fields or {})[b"purge"]) == {
        "outputs": True,
        "explanations": False,
        "tenant": "acme",
        "device": "r1",
    }


@pytest.mark.parametrize("arguments", [["--device", "r1"], ["--tenant", "t", "--device", "r1", "--explanations"]])
def test_what_cannot_be_purged_is_refused(redis_database: str, arguments: list[str]) -> None:
    result = CliRunner().invoke(cache_command, ["purge", *arguments], env={"NETCOPILOT_REDIS_URL": redis_database})
    assert result.exit_code == 2
    assert "device" in result.output


def test_redis_away_is_said_with_the_cure() -> None:
    result = CliRunner().invoke(cache_command, ["show"], env={"NETCOPILOT_REDIS_URL": NOWHERE})
    assert result.exit_code == 1
    assert "NETCOPILOT_REDIS_URL" in result.output


def test_show_counts_entries_and_executions(redis_database: str, client: redis.Redis) -> None:
    keep(client, "acme", "other")
    client.hset("netcopilot:events", mapping={"MISS": 1, "HIT_OUTPUT": 3})
    lines = [line.split(maxsplit=1) for line in run(redis_database, "show").splitlines()]
    shown = {label: number for number, label in lines}
    assert shown["analyses of outputs"] == shown["fingerprints explained"] == shown["explanations asked for"] == "2"
    assert shown["executions: HIT_OUTPUT (75.0%)"] == "3"


async def test_a_purge_reaches_a_worker_once_and_only_from_when_it_looked_first(
    redis_database: str, link: RedisLink
) -> None:
    seen: list[Purge] = []
    watch = PurgeWatch(link, seen.append)
    await announce(redis_database, Purge(outputs=True, tenant="before"))
    await watch.look()
    assert seen == []
    wanted = [Purge(outputs=True, tenant="a"), Purge(explanations=True), Purge(outputs=True, tenant="t", device="r1")]
    for purge in wanted:
        await announce(redis_database, purge)
    await watch.look()
    await watch.look()
    assert seen == wanted


async def test_the_first_purge_there_ever_was_is_seen(redis_database: str, link: RedisLink) -> None:
    seen: list[Purge] = []
    watch = PurgeWatch(link, seen.append)
    await watch.look()
    await announce(redis_database, Purge(outputs=True))
    await watch.look()
    assert seen == [Purge(outputs=True)]


async def announce(redis_url: str, purge: Purge) -> None:
    async with AsyncRedis.from_url(redis_url) as client:
        await CacheStore(client).purge(purge)


async def test_a_worker_s_memory_forgets_what_is_purged(redis_database: str, link: RedisLink) -> None:
    caches = Caches(WorkerSettings(redis_url=SecretStr(redis_database)))
    enricher = make_enricher(link, outputs=caches.outputs, devices=caches.devices)
    batch = batch_of(record_of(event(tenant_id="t", command="uptime", output="up")))

    async def status() -> str:
        [outcome] = await enriched(enricher, batch)
        assert isinstance(outcome, Analyzed)
        await caches.catch_up()
        return str(analyzed_record(outcome.value)["cache_status"])

    assert [await status(), await status()] == ["MISS", "HIT_OUTPUT"]
    await announce(redis_database, Purge(outputs=True, tenant="t"))
    await caches.catch_up()
    assert [await status(), await status()] == ["MISS", "HIT_OUTPUT"]
    await announce(redis_database, Purge(explanations=True))
    await caches.catch_up()
    assert await status() == "HIT_OUTPUT"
    await announce(redis_database, Purge(outputs=True, tenant="t", device="d"))
    await caches.catch_up()
    assert [await status(), await status()] == ["BYPASS", "HIT_OUTPUT"]
    await caches.close()


async def test_counts_add_up_and_survive_an_outage(redis_database: str, client: redis.Redis, link: RedisLink) -> None:
    away = EventCounts(RedisLink(NOWHERE, timeout=0.1))
    counts = EventCounts(link)
    await counts.report()
    before = int(client.hget("netcopilot:events", "BYPASS") or 0)
    metrics.EVENTS.labels("BYPASS").inc(3)
    await away.report()
    await counts.report()
    await counts.report()
    metrics.EVENTS.labels("BYPASS").inc(2)
    await counts.report()
    assert int(client.hget("netcopilot:events", "BYPASS") or 0) == before + 5
