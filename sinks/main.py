"""`netcopilot sink` and `netcopilot migrate`: the process that writes events to ClickHouse, and its tables."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import click

from runtime import lifecycle
from runtime.allocation import share_heaps
from runtime.health import Health, HealthServer, Probe
from runtime.lifecycle import Shutdown
from runtime.log import configure_logging, get_logger
from sinks.feed import ANALYSES_FEED, COMMANDS_FEED, Feed
from sinks.feeding import Feeding
from sinks.migrator import migrate
from sinks.retry import AbandonedError, Retry
from sinks.settings import SinkSettings
from sinks.store import Store, open_store
from sinks.transitions.loop import RollUpLoop

_HEAPS = 2

log = get_logger(__name__)


@click.command("sink")
def sink_command() -> None:
    """Write analysed executions and explanations to ClickHouse: read commands.analyzed and analyses, fill the tables.

    Any number of sinks share the work by partitions. Settings are NETCOPILOT_* environment variables;
    `netcopilot settings sink` lists them.
    """
    share_heaps(_HEAPS)
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
    """One sink process: executions in the main thread, the few explanations and the roll-up in threads beside it."""

    def __init__(self, settings: SinkSettings) -> None:
        self._settings = settings
        self._shutdown = Shutdown()
        self._starting = Retry(longest=settings.sink_retry_max_seconds, wait=self._shutdown.wait)
        self._executions = Feeding(COMMANDS_FEED, settings, self._shutdown)
        self._explanations = Feeding(ANALYSES_FEED, settings, self._shutdown)
        self._roll_up = RollUpLoop(settings, self._shutdown)
        self._store: Store | None = None

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, then write what was read and leave the groups.

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
        self._store = self._open(COMMANDS_FEED)
        explanations = self._open(ANALYSES_FEED)
        with ThreadPoolExecutor(2) as beside:
            others = [
                beside.submit(self._together, partial(self._explanations.run, explanations)),
                beside.submit(self._together, self._roll_up.run),
            ]
            self._together(partial(self._executions.run, self._store))
        for other in others:
            other.result()
        log.info("stopped")

    def _open(self, feed: Feed) -> Store:
        return self._starting("connect", lambda: open_store(self._settings, feed))

    def _together(self, work: Callable[[], None]) -> None:
        """Do one of the works; when it ends, whatever the reason, the others end as well."""
        try:
            work()
        finally:
            self._shutdown.request()

    def _health(self) -> Health:
        health = Health()
        health.liveness["progress"] = self._progress_probe
        health.readiness["assignment"] = self._executions.membership
        health.readiness["flow"] = self._flow_probe
        health.readiness["clickhouse"] = self._clickhouse_probe
        return health

    def _progress_probe(self) -> Probe:
        executions = self._executions.progress()
        return executions if not executions.healthy else self._explanations.progress()

    def _flow_probe(self) -> Probe:
        if self._starting.waiting_for:
            return Probe(healthy=False, detail=self._starting.waiting_for)
        return self._executions.flow()

    def _clickhouse_probe(self) -> Probe:
        answers = self._store is not None and self._store.answers()
        return Probe(healthy=answers, detail="answers" if answers else "does not answer")
