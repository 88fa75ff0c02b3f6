"""The API for the tests: without any service behind it, or on real ones."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from api.settings import ApiSettings
from runtime.settings import ClickHouseSettings
from sinks.migrator import migrate
from tests.api.events import History
from tests.api.serving import serving
from tests.services.process import free_port


@pytest.fixture(scope="session")
def lonely_settings() -> ApiSettings:
    """Settings whose every service is absent."""
    return ApiSettings(
        kafka_bootstrap_servers=f"127.0.0.1:{free_port()}",
        clickhouse_url=f"http://127.0.0.1:{free_port()}",
        api_ingest_timeout_seconds=0.5,
    )


@pytest.fixture(scope="session")
def lonely(lonely_settings: ApiSettings) -> Iterator[httpx.Client]:
    """A client of an API that has neither ClickHouse nor Kafka."""
    with serving(lonely_settings) as url, httpx.Client(base_url=url) as client:
        yield client


@pytest.fixture
def history(clickhouse_url: str, clickhouse_database: str) -> History:
    """An empty, migrated database."""
    migrate(ClickHouseSettings(clickhouse_url=clickhouse_url, clickhouse_database=clickhouse_database))
    return History(clickhouse_url, clickhouse_database)


@pytest.fixture
def settings_for(history: History) -> Callable[..., ApiSettings]:
    """Makes settings of an API on the test's database; Kafka is absent unless given."""

    def make(**given: object) -> ApiSettings:
        base = ApiSettings(
            clickhouse_url=history.url,
            clickhouse_database=history.database,
            kafka_bootstrap_servers=f"127.0.0.1:{free_port()}",
        )
        return base.model_copy(update=given)

    return make


@pytest.fixture
def client(settings_for: Callable[..., ApiSettings]) -> Iterator[httpx.Client]:
    """A client of an API on the test's database."""
    with serving(settings_for()) as url, httpx.Client(base_url=url) as client:
        yield client
