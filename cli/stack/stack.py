"""The whole platform on one machine."""

import asyncio
from datetime import UTC, datetime
from functools import partial

from cli.stack.blueprint import Blueprint
from cli.stack.console import Console
from cli.stack.drain import Drain
from cli.stack.firstcommand import first_command
from cli.stack.interrupts import Interrupts, unless
from cli.stack.lag import Consumption
from cli.stack.settings import UpSettings
from cli.stack.supervisor import Supervisor
from schemas.topics import ANALYZED, EXECUTED
from sinks.feed import ANALYSES_FEED
from sinks.settings import SinkSettings
from streams.settings import WorkerSettings


class LocalStack:
    """Starts every part in order, keeps it running, and stops it in the order in which nothing gets lost."""

    def __init__(self, settings: UpSettings, console: Console) -> None:
        self._settings = settings
        self._console = console
        self._blueprint = Blueprint(settings)
        self._folder = self._blueprint.folder
        self._addresses = self._blueprint.addresses

    async def run(self) -> None:
        """Run the stack until a signal asks to stop.

        Raises:
            ConfigurationError: a port is taken, the data folder is in use, or the broker cannot be had.
            GaveUpError: a part keeps dying, or refuses its settings.

        """
        interrupts = Interrupts()
        with self._folder.held():
            self._blueprint.port_plan.check()
            supervisor = self._supervisor()
            self._addresses.write(self._folder.addresses, spool=self._folder.spool)
            try:
                await self._run_until(interrupts, supervisor)
            finally:
                await supervisor.kill()
                self._folder.addresses.unlink(missing_ok=True)

    def _supervisor(self) -> Supervisor:
        if not self._blueprint.in_memory:
            self._console.note("kafka", "preparing Apache Kafka (the first time downloads its jars)")
        return Supervisor(
            self._blueprint.stages(),
            logs=self._folder.logs,
            log_bytes=self._settings.log_bytes,
            console=self._console,
        )

    async def _run_until(self, interrupts: Interrupts, supervisor: Supervisor) -> None:
        try:
            await unless(interrupts.first, self._start_and_watch(supervisor))
        finally:
            interrupts.first.set()
            self._console.note("netcopilot", "stopping; Ctrl-C again kills everything at once")
            await unless(interrupts.second, self._shut_down(supervisor))
        self._console.note("netcopilot", "stopped")

    async def _start_and_watch(self, supervisor: Supervisor) -> None:
        since = datetime.now(UTC).isoformat()
        await supervisor.start()
        self._show_where_to_look()
        announcement = asyncio.create_task(self._announce_first_command(since))
        try:
            await supervisor.watch()
        finally:
            announcement.cancel()

    async def _shut_down(self, supervisor: Supervisor) -> None:
        """Stop whatever publishes, then each reader once it has read everything, then the servers."""
        drain = Drain(self._addresses.kafka, seconds=self._settings.drain_seconds)
        await supervisor.stop("agent", "api")
        await self._drain(drain, supervisor, "worker", Consumption(WorkerSettings().worker_group, EXECUTED.name))
        await supervisor.stop("worker", "explainer", "model")
        await self._drain(drain, supervisor, "sink", Consumption(SinkSettings().sink_group, ANALYZED.name))
        analyses = SinkSettings().sink_group + ANALYSES_FEED.group_suffix
        await self._drain(drain, supervisor, "sink", Consumption(analyses, ANALYSES_FEED.topic.name))
        await supervisor.stop("sink")
        await supervisor.stop_all()

    async def _drain(self, drain: Drain, supervisor: Supervisor, name: str, consumption: Consumption) -> None:
        if not supervisor.are_ready("kafka"):
            return
        rest = await drain.rest(consumption, worthwhile=partial(supervisor.are_ready, name))
        if rest != 0:
            amount = "an unknown number of" if rest is None else str(rest)
            in_memory = self._blueprint.in_memory
            fate = "lost with the broker's memory" if in_memory else "kept by the broker for the next start"
            self._console.trouble(name, f"{amount} events of {consumption.topic} were not read in time: {fate}")

    def _show_where_to_look(self) -> None:
        api = self._addresses.api
        self._console.table(
            [
                ("dashboard", f"{api}/"),
                ("API docs", f"{api}/docs"),
                ("Kafka", self._addresses.kafka),
                ("data", str(self._folder.root)),
                ("logs", f"tail -F {self._folder.logs}/*.log"),
                ("try", "netcopilot exec -- ping -c 3 127.0.0.1"),
                ("stop", "Ctrl-C"),
            ]
        )

    async def _announce_first_command(self, since: str) -> None:
        found = await first_command(self._addresses.api, since=since)
        self._console.note("netcopilot", f"first analysed command: {found.command} -> {found.verdict}: {found.summary}")
