"""`netcopilot sink` and `netcopilot migrate`: the process that writes events to ClickHouse, and its tables."""

import threading

import click

from runtime import lifecycle
from runtime.health import Health, HealthServer, Probe, Progress
from runtime.lifecycle import Shutdown
from runtime.log import configure_logging, get_logger
from schemas.registry import open_registry
from sinks.deadletters import DeadLetters
from sinks.delivery import Delivery
from sinks.incarnation import TopicIdentity
from sinks.kafka import KafkaClients
from sinks.migrator import migrate
from sinks.retry import AbandonedError, Retry
from sinks.session import Session, SessionParts, SessionState
from sinks.settings import SinkSettings
from sinks.store import Store, open_store
from sinks.survey import Survey

log = get_logger(__name__)


@click.command("sink")
def sink_command() -> None:
    """Write analysed executions to ClickHouse: read commands.analyzed, fill the tables.

    Any number of sinks share the work by partitions. Settings are NETCOPILOT_* environment variables;
    `netcopilot settings sink` lists them.
    """
    settings = SinkSettings()
    configure_logging(settings, process="sink")
    lifecycle.run(Sink(settings).run)


@click.command("migrate")
def migrate_command() -> None:
    """Create ClickHouse's database and tables, or bring them to this release. Sinks do so themselves at their start."""
    settings = SinkSettings()
    configure_logging(settings, process="migrate")

    def run() -> None:
        for name in migrate(settings) or ["nothing to do"]:
            click.echo(name)

    lifecycle.run(run)


class Sink:
    """One sink process."""

    def __init__(self, settings: SinkSettings) -> None:
        self._settings = settings
        self._shutdown = Shutdown()
        self._stop = threading.Event()
        self._starting = Retry(longest=settings.sink_retry_max_seconds, wait=self._shutdown.wait)
        self._delivering = Retry(longest=settings.sink_retry_max_seconds, wait=self._stop.wait)
        self._progress = Progress(patience=settings.sink_stall_seconds)
        self._state = SessionState()
        self._store: Store | None = None

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, then write what was read and leave the group.

        Raises:
            ConfigurationError: a person must act.

        """
        self._shutdown.install()
        with HealthServer(self._health(), host=self._settings.health_host, port=self._settings.health_port):
            try:
                self._work()
            except AbandonedError as error:
                log.info("stopped_before_start", reason=str(error))

    def _work(self) -> None:
        self._starting("migrate", lambda: migrate(self._settings))
        store = self._store = self._starting("connect", lambda: open_store(self._settings))
        clients = KafkaClients(self._settings)
        admin = clients.admin()
        identity = TopicIdentity(admin, self._settings.topic)
        url = self._settings.schema_registry_url
        delivery = Delivery(
            store=store,
            registry=open_registry(url.get_secret_value() if url else None),
            dead_letters=DeadLetters(clients.producer(), self._settings.dead_letter_topic),
            retry=self._delivering,
            parallel=self._settings.sink_parallel_inserts,
        )
        parts = SessionParts(
            settings=self._settings,
            clients=clients,
            store=store,
            delivery=delivery,
            identity=identity,
            shutdown=self._shutdown,
            stop=self._stop,
            progress=self._progress,
            state=self._state,
        )
        while not self._shutdown.requested:
            topic_id = self._starting("topic", identity.current)
            Session(parts, Survey(admin, self._settings.topic, topic_id)).run()
        log.info("stopped")

    def _health(self) -> Health:
        health = Health()
        health.liveness["progress"] = self._progress_probe
        health.readiness["assignment"] = lambda: Probe(healthy=self._state.joined, detail="member of the group")
        health.readiness["flow"] = self._flow_probe
        health.readiness["clickhouse"] = self._clickhouse_probe
        return health

    def _progress_probe(self) -> Probe:
        if self._starting.waiting_for:
            return Probe(healthy=True, detail=f"waiting: {self._starting.waiting_for}")
        return self._progress.probe()

    def _flow_probe(self) -> Probe:
        waiting_for = self._starting.waiting_for or self._delivering.waiting_for or self._state.waiting_for
        return Probe(healthy=not waiting_for, detail=waiting_for or "flowing")

    def _clickhouse_probe(self) -> Probe:
        answers = self._store is not None and self._store.answers()
        return Probe(healthy=answers, detail="answers" if answers else "does not answer")
