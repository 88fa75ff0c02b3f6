"""Topics and tables to verify, and a hand that fills them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from clickhouse_connect.driver.client import Client

from schemas.topics import ANALYZED, DEAD, EXECUTED
from sinks.clickhouse import connect
from sinks.migrator import migrate
from sinks.settings import SinkSettings
from sinks.verification.report import Check, Report
from sinks.verification.selection import Selection
from sinks.verification.settings import VerifySettings
from sinks.verification.verification import Verification
from tests.services.topics import TopicFactory
from tests.sinks.verification.pipeline import PARTITIONS, Pipeline


@pytest.fixture
def sink_settings(
    kafka: str, topic_factory: TopicFactory, clickhouse_url: str, clickhouse_database: str
) -> SinkSettings:
    prefix = topic_factory.prefixed(EXECUTED, ANALYZED, DEAD, partitions=PARTITIONS)
    return SinkSettings(
        kafka_bootstrap_servers=kafka,
        clickhouse_url=clickhouse_url,
        clickhouse_database=clickhouse_database,
        kafka_topic_prefix=prefix,
    )


@pytest.fixture
def verify_settings(sink_settings: SinkSettings) -> VerifySettings:
    return VerifySettings(
        kafka_bootstrap_servers=sink_settings.kafka_bootstrap_servers,
        clickhouse_url=sink_settings.clickhouse_url,
        clickhouse_database=sink_settings.clickhouse_database,
        kafka_topic_prefix=sink_settings.kafka_topic_prefix,
        worker_group=f"{sink_settings.kafka_topic_prefix}worker",
    )


@pytest.fixture
def pipeline(sink_settings: SinkSettings, verify_settings: VerifySettings) -> Iterator[Pipeline]:
    """What agents, worker and sink would have done, done step by step."""
    migrate(sink_settings)
    client: Client = connect(sink_settings, database=sink_settings.clickhouse_database)
    yield Pipeline(sink_settings, verify_settings.worker_group, client)
    client.close()


@pytest.fixture
def verify(verify_settings: VerifySettings) -> "Verify":
    return Verify(verify_settings)


class Verify:
    """Runs a verification and returns its report, or one check of it."""

    def __init__(self, settings: VerifySettings) -> None:
        self._settings = settings

    def __call__(self, selection: Selection = Selection(), *, grace: float = 0) -> Report:  # noqa: B008 - frozen
        patience = timedelta(seconds=grace)
        return Verification(self._settings, selection, grace=patience, tell=lambda _text: None).run()

    def check(self, name: str) -> Check:
        return next(check for check in self().checks if check.name == name)
