"""ClickHouse's moods, and the API's answers to them."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from api.database import Database
from api.errors import ApiError
from api.queries.statement import Statement
from api.settings import ApiSettings
from cli.stack.chdb import clickhouse_spec
from runtime.settings import ClickHouseSettings
from sinks.migrator import migrate
from tests.api.events import History, record
from tests.api.live.stage import staged
from tests.api.serving import serving, wait_until
from tests.services.process import HOST, free_port, running

SLOW = Statement("slow", "SELECT sleepEachRow(0.1), {tenant:String} FROM numbers(20)", {})
QUICK = Statement("quick", "SELECT {tenant:String} AS tenant", {})


async def test_the_tenant_is_bound(settings_for: Callable[..., ApiSettings]) -> None:
    async with Database(settings_for(tenant_id="it's \\ \n {x}")) as database:
        assert await database.rows(QUICK) == [{"tenant": "it's \\ \n {x}"}]


async def test_a_query_past_its_time_is_504(settings_for: Callable[..., ApiSettings]) -> None:
    async with Database(settings_for(api_query_timeout_seconds=0.5)) as database:
        with pytest.raises(ApiError) as refused:
            await database.rows(SLOW)
        assert (refused.value.status, refused.value.code) == (504, "query_timeout")


async def test_queries_wait_for_their_turn(settings_for: Callable[..., ApiSettings]) -> None:
    async with Database(settings_for(api_query_concurrency=2)) as database:
        answers = await asyncio.gather(*(database.rows(QUICK) for _ in range(20)))
        assert len(answers) == 20


async def test_a_defect_of_ours_is_no_passing_fault(settings_for: Callable[..., ApiSettings]) -> None:
    async with Database(settings_for()) as database:
        with pytest.raises(DatabaseError):
            await database.rows(Statement("bad", "SELEKT {tenant:String}", {}))


def test_tables_that_are_not_made_yet_are_503(clickhouse_url: str, clickhouse_database: str) -> None:
    settings = ApiSettings(clickhouse_url=clickhouse_url, clickhouse_database=clickhouse_database)
    with serving(settings) as url:
        assert httpx.get(f"{url}/v1/commands").status_code == 503


def test_the_api_starts_before_clickhouse_and_outlives_it(tmp_path: Path) -> None:
    port = free_port()
    settings = ApiSettings(clickhouse_url=f"http://{HOST}:{port}", kafka_bootstrap_servers=f"{HOST}:{free_port()}")
    spec = clickhouse_spec(host=HOST, port=port, folder=tmp_path / "data")
    with serving(settings) as url:
        assert httpx.get(f"{url}/v1/commands").status_code == 503
        with running(spec, tmp_path):
            migrate(ClickHouseSettings(clickhouse_url=settings.clickhouse_url))
            History(settings.clickhouse_url, settings.clickhouse_database).store([record()])
            assert len(httpx.get(f"{url}/v1/commands").json()["items"]) == 1
        assert httpx.get(f"{url}/v1/commands").status_code == 503
        with running(spec, tmp_path):
            wait_until(lambda: httpx.get(f"{url}/v1/commands").status_code == 200)
            assert len(httpx.get(f"{url}/v1/commands").json()["items"]) == 1


def test_ready_with_all_services(history: History, kafka: str, topic_factory: Callable[..., str]) -> None:
    topic = topic_factory("analyzed")
    with staged(kafka, topic, clickhouse_url=history.url, clickhouse_database=history.database) as stage:
        ready = httpx.get(f"{stage.url}/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "ok")
