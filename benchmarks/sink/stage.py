"""Broker and ClickHouse, and a backlog on a topic of its own."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import psutil
from clickhouse_connect.driver.client import Client
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from cli.stack.chdb import clickhouse_spec
from sinks.clickhouse import connect
from sinks.migrator import migrate
from sinks.settings import SinkSettings
from tests.services.kafka import BROKER, choose_kafka
from tests.services.process import HOST, free_port, running

_MEMORY = 4 << 30
"""Bytes for ClickHouse: as one block of all rows, a file needs more than the local stack gives."""
_FILLED = (
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' "
    "AND name NOT IN ('schema_migrations', 'migration_leases')"
)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Rows that wait in Kafka."""

    settings: SinkSettings
    """Of the sink that writes them: its topics are theirs alone."""
    rows: int
    partitions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all ways share: one broker, one ClickHouse, tables that begin empty."""

    folder: Path
    broker: str
    """What the broker is."""
    servers: str
    client: Client
    clickhouse_url: str
    engine: psutil.Process
    """ClickHouse's."""
    numbers: Iterator[int] = field(default_factory=count)
    """Of the backlogs."""

    def fill(self, values: Iterable[bytes], *, partitions: int) -> Backlog:
        """Put values on a new topic, one partition after the other in turn."""
        settings = SinkSettings(
            kafka_bootstrap_servers=self.servers,
            kafka_topic_prefix=f"backlog-{next(self.numbers)}.",
            clickhouse_url=self.clickhouse_url,
        )
        admin = AdminClient({"bootstrap.servers": self.servers})
        topics = [NewTopic(settings.topic, partitions, 1), NewTopic(settings.dead_letter_topic, 1, 1)]
        for made in admin.create_topics(topics).values():
            made.result(30)
        producer = Producer({"bootstrap.servers": self.servers, "linger.ms": 50})
        rows = 0
        for rows, value in enumerate(values, 1):
            producer.produce(settings.topic, value, partition=rows % partitions)
            if rows % 1000 == 0:
                producer.flush()
        producer.flush()
        return Backlog(settings, rows, partitions)

    def empty(self) -> None:
        """Empty every table."""
        for (table,) in self.client.query(_FILLED).result_rows:
            self.client.command(f"TRUNCATE TABLE {table}")

    def visible(self) -> int:
        """Return how many rows there are."""
        return int(str(self.client.command("SELECT count() FROM commands")))


@contextmanager
def open_stage(*, embedded: bool) -> Iterator[Stage]:
    """Start a broker (`embedded`, or the best there is) and ClickHouse."""
    if embedded:
        os.environ[BROKER] = "embedded"
    kafka = choose_kafka()
    with tempfile.TemporaryDirectory() as name, kafka.start(Path(name)) as servers:
        folder, port = Path(name), free_port()
        spec = clickhouse_spec(host=HOST, port=port, folder=folder / "clickhouse")
        with running(replace(spec, argv=(*spec.argv, f"--memory-limit={_MEMORY}")), folder) as engine:
            settings = SinkSettings(clickhouse_url=f"http://{HOST}:{port}")
            migrate(settings)
            with closing(connect(settings, database=settings.clickhouse_database, timeout=600)) as client:
                yield Stage(
                    folder=folder,
                    broker=kafka.name,
                    servers=servers,
                    client=client,
                    clickhouse_url=settings.clickhouse_url,
                    engine=psutil.Process(engine.pid),
                )
