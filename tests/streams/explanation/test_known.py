import uuid
from datetime import UTC, datetime, timedelta

import clickhouse_connect
import pytest
import redis.asyncio as redis

from runtime.settings import ClickHouseSettings
from sinks.migrator import migrate
from sinks.settings import SinkSettings
from streams.caching.keys import explained_key
from streams.caching.redis_link import RedisLink
from streams.explanation.durable import DurableExplanations
from streams.explanation.known import KnownExplanations
from streams.explanation.request import ExplanationRequest
from streams.explanation.version import PROMPT_VERSION
from tests.services.process import HOST, free_port
from tests.streams.explanation.samples import loss_request

NOWHERE = ClickHouseSettings(clickhouse_url=f"http://{HOST}:{free_port()}")


def known(link: RedisLink, settings: ClickHouseSettings = NOWHERE) -> KnownExplanations:
    durable = DurableExplanations(settings, model="m")
    return KnownExplanations(link, durable, version="1", ttl=timedelta(hours=1))


async def test_what_one_explainer_made_all_know(redis_database: str) -> None:
    link = RedisLink(redis_database, timeout=2)
    request = loss_request()
    assert not await known(link).hold(request)
    await known(link).add(request)
    assert await known(link).hold(request)
    assert not await known(link).hold(loss_request())
    async with redis.Redis.from_url(redis_database) as client:
        kept = await client.pttl(explained_key("1", request.tenant_id, request.fingerprint))
    assert 3_200_000 < kept < 4_000_000
    await link.close()


async def test_without_redis_an_explainer_knows_its_own() -> None:
    link = RedisLink(f"redis://{HOST}:{free_port()}", timeout=0.2)
    own, request = known(link), loss_request()
    await own.add(request)
    assert await own.hold(request)
    await link.close()


@pytest.fixture
def tables(clickhouse_url: str, clickhouse_database: str) -> ClickHouseSettings:
    migrate(SinkSettings(clickhouse_url=clickhouse_url, clickhouse_database=clickhouse_database))
    return ClickHouseSettings(clickhouse_url=clickhouse_url, clickhouse_database=clickhouse_database)


def insert(settings: ClickHouseSettings, request: ExplanationRequest, **changes: str) -> None:
    row = {
        "tenant_id": request.tenant_id,
        "fingerprint": request.fingerprint,
        "created_at": datetime.now(UTC),
        "model": "m",
        "prompt_version": PROMPT_VERSION,
        "rules_version": request.rules_version,
        "event_id": uuid.uuid4(),
    } | changes
    client = clickhouse_connect.get_client(dsn=settings.clickhouse_url, database=settings.clickhouse_database)
    try:
        client.insert("analyses", [list(row.values())], column_names=list(row))
    finally:
        client.close()


async def test_what_clickhouse_holds_needs_no_call_and_warms_redis(
    tables: ClickHouseSettings, redis_database: str
) -> None:
    link = RedisLink(redis_database, timeout=2)
    request = loss_request()
    insert(tables, request)
    assert await known(link, tables).hold(request)
    assert await known(link).hold(request), "from Redis now"
    assert not await known(link, tables).hold(loss_request(fingerprint=request.fingerprint, tenant_id="other"))
    await link.close()


@pytest.mark.parametrize("changed", ["model", "prompt_version", "rules_version"])
async def test_what_another_model_prompt_or_rule_set_said_does_not_count(
    tables: ClickHouseSettings, redis_database: str, changed: str
) -> None:
    link = RedisLink(redis_database, timeout=2)
    request = loss_request()
    insert(tables, request, **{changed: "another"})
    assert not await known(link, tables).hold(request)
    await link.close()
