"""`netcopilot agent`: run a watchlist of commands again and again."""

import time
from pathlib import Path

import click

from producers.execution import Execution
from producers.identity import Identity
from producers.publisher import Outcome, Receipt
from producers.reporter import Reporter, open_reporter
from producers.runner import Runner
from producers.settings import AgentSettings
from producers.sole_agent import only_agent
from producers.watcher import Watcher
from producers.watchlist import DEFAULT_WATCHLIST, Timing, WatchedCommand, load_watchlist
from runtime import lifecycle
from runtime.health import Health, HealthServer, Progress
from runtime.lifecycle import Shutdown
from runtime.log import configure_logging, get_logger

_PATIENCE_SECONDS = 30.0

log = get_logger(__name__)


@click.command("agent", short_help="Run a watchlist of commands again and again.")
@click.option(
    "--watch",
    "watchlist",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT_WATCHLIST,
    help="Watchlist (YAML); default harmless commands that look at this host.",
)
@click.option("--once", is_flag=True, help="Run each command once and end.")
def agent_command(*, watchlist: Path, once: bool) -> None:
    """Run a watchlist of commands again and again, and publish what they say, secrets masked.

    SIGTERM and Ctrl-C let running commands end and their events leave, or go to the spool, before the agent does.
    Settings are NETCOPILOT_* environment variables; `netcopilot settings` lists them.
    """
    settings = AgentSettings()
    configure_logging(settings, process="agent")
    lifecycle.run(lambda: Agent(settings, watchlist).run(once=once))


class Agent:
    """The agent process."""

    def __init__(self, settings: AgentSettings, watchlist: Path) -> None:
        self._settings = settings
        self._watchlist = load_watchlist(watchlist)
        self._runner = Runner(output_limit=settings.output_limit_bytes)
        self._progress = Progress(patience=_PATIENCE_SECONDS)
        self._shutdown = Shutdown()

    def run(self, *, once: bool) -> None:
        """Watch until the process is told to stop, or for one round."""
        settings = self._settings
        self._shutdown.install()
        health = Health()
        health.liveness["watching"] = self._progress.probe
        with (
            only_agent(settings.spool_dir),
            open_reporter(settings, Identity.from_settings(settings)) as reporter,
            HealthServer(health, host=settings.health_host, port=settings.health_port),
        ):
            health.liveness["publishing"] = reporter.publisher.alive
            health.readiness["broker"] = reporter.publisher.ready
            log.info("agent_started", commands=len(self._watchlist.commands), spool=str(settings.spool_dir))
            self._watch(reporter, once=once)
        log.info("agent_stopped", spooled=reporter.publisher.has_backlog())

    def _watch(self, reporter: Reporter, *, once: bool) -> None:
        def report(watched: WatchedCommand, execution: Execution) -> None:
            reporter.report(execution, _log_loss, labels=watched.labels)

        watcher = Watcher(
            self._watchlist, run=self._execute, report=report, concurrency=self._settings.agent_concurrency
        )
        try:
            if once:
                watcher.run_once(self._shutdown)
            else:
                watcher.run(self._shutdown, on_tick=self._progress.advance)
        finally:
            self._finish(watcher, reporter)

    def _finish(self, watcher: Watcher, reporter: Reporter) -> None:
        deadline = time.monotonic() + self._settings.agent_drain_seconds
        watcher.finish(self._settings.agent_drain_seconds, end_commands=self._runner.end_all)
        reporter.publisher.close(max(deadline - time.monotonic(), 0))

    def _execute(self, watched: WatchedCommand, timing: Timing) -> Execution:
        return self._runner.run(watched.command, timeout=timing.timeout, os_type=watched.os_type)


def _log_loss(receipt: Receipt) -> None:
    if receipt.outcome is Outcome.REFUSED:
        log.error("event_lost", reason=str(receipt.error))
