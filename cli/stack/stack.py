"""The whole platform on one machine."""

import asyncio
import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cli.stack.addresses import StackAddresses
from cli.stack.chdb import clickhouse_spec
from cli.stack.console import Console
from cli.stack.drain import Drain
from cli.stack.firstcommand import first_command
from cli.stack.folder import DataFolder
from cli.stack.interrupts import Interrupts, unless
from cli.stack.jars import resolve_jars
from cli.stack.kafka import KafkaNode
from cli.stack.lag import Consumption
from cli.stack.ports import Port, PortPlan
from cli.stack.processes import OwnProcesses
from cli.stack.settings import UpSettings
from cli.stack.spec import ChildSpec
from cli.stack.supervisor import Supervisor
from cli.stack.tansu import tansu_spec
from cli.stack.topics import create_topics
from cli.stack.valkey import valkey_spec
from schemas.topics import ANALYZED, EXECUTED
from sinks.settings import SinkSettings
from streams.settings import WorkerSettings

_WATCHLIST = Path(__file__).resolve().parents[2] / "producers" / "watchlist.yml"
_PORTS = {
    "kafka_port": "Kafka",
    "kafka_controller_port": "Kafka's controller",
    "redis_port": "Valkey",
    "clickhouse_port": "ClickHouse",
    "api_port": "API and dashboard",
    "sink_health_port": "health of the sink",
    "worker_health_port": "health of the worker",
    "agent_health_port": "health of the agent",
}


class LocalStack:
    """Starts every part in order, keeps it running, and stops it in the order in which nothing gets lost."""

    def __init__(self, settings: UpSettings, console: Console) -> None:
        self._settings = settings
        self._console = console
        self._folder = DataFolder(settings.data_dir.resolve())
        self._addresses = StackAddresses(
            host=settings.host,
            kafka_port=settings.kafka_port,
            redis_port=settings.redis_port,
            clickhouse_port=settings.clickhouse_port,
            api_port=settings.api_port,
        )

    async def run(self) -> None:
        """Run the stack until a signal asks to stop.

        Raises:
            ConfigurationError: a port is taken, the data folder is in use, or a part refuses its settings.
            GaveUpError: a part keeps dying.

        """
        interrupts = Interrupts()
        with self._folder.held():
            self._port_plan().check()
            supervisor = Supervisor(
                self._stages(),
                logs=self._folder.logs,
                log_bytes=self._settings.log_bytes,
                console=self._console,
            )
            self._addresses.write(self._folder.addresses, spool=self._folder.spool)
            try:
                await self._run_until(interrupts, supervisor)
            finally:
                await supervisor.kill()
                self._folder.addresses.unlink(missing_ok=True)

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
        drain = Drain(self._addresses.kafka, seconds=self._settings.drain_seconds)
        await supervisor.stop("agent", "api")
        await self._drain(drain, supervisor, "worker", Consumption(WorkerSettings().worker_group, EXECUTED.name))
        await supervisor.stop("worker")
        await self._drain(drain, supervisor, "sink", Consumption(SinkSettings().sink_group, ANALYZED.name))
        await supervisor.stop("sink")
        await supervisor.stop_all()

    async def _drain(self, drain: Drain, supervisor: Supervisor, name: str, consumption: Consumption) -> None:
        if not supervisor.are_ready("kafka"):
            return
        rest = await drain.rest(consumption, worthwhile=partial(supervisor.are_ready, name))
        if rest != 0:
            amount = "an unknown number of" if rest is None else str(rest)
            fate = "lost with the broker's memory" if self._in_memory else "kept by the broker for the next start"
            self._console.died(name, f"{amount} events of {consumption.topic} were not read in time: {fate}")

    @property
    def _in_memory(self) -> bool:
        return self._settings.kafka == "embedded"

    def _port_plan(self) -> PortPlan:
        numbers = self._settings.model_dump(include=set(_PORTS))
        if self._in_memory:
            del numbers["kafka_controller_port"]
        ports = (Port(_PORTS[name], number, f"NETCOPILOT_UP_{name.upper()}") for name, number in numbers.items())
        return PortPlan(self._settings.host, tuple(ports))

    def _stages(self) -> list[list[ChildSpec]]:
        host, settings = self._settings.host, self._settings
        own = OwnProcesses(
            host=host,
            env={
                **(self._quick_joins() if self._in_memory else {}),
                **self._addresses.environment(),
                "NETCOPILOT_SPOOL_DIR": str(self._folder.spool),
            },
            needs=frozenset({"kafka"} if self._in_memory else ()),
        )
        return [
            [
                self._broker(),
                valkey_spec(host=host, port=settings.redis_port, folder=self._folder.redis),
                clickhouse_spec(host=host, port=settings.clickhouse_port, folder=self._folder.clickhouse),
            ],
            [
                own.sink(settings.sink_health_port),
                own.worker(settings.worker_health_port),
                own.api(settings.api_port),
                own.agent(settings.agent_health_port, (settings.watch or _WATCHLIST).resolve()),
            ],
        ]

    @staticmethod
    def _quick_joins() -> dict[str, str]:
        """Return short group time-outs: the embedded broker has every member that joins wait for them."""
        wanted = {"NETCOPILOT_WORKER_REBALANCE_TIMEOUT": "1", "NETCOPILOT_SINK_SESSION_TIMEOUT_SECONDS": "3"}
        return {name: os.environ.get(name, value) for name, value in wanted.items()}

    def _broker(self) -> ChildSpec:
        settings = self._settings
        spec = tansu_spec(host=settings.host, port=settings.kafka_port) if self._in_memory else self._apache()
        return replace(spec, once_ready=partial(create_topics, self._addresses.kafka))

    def _apache(self) -> ChildSpec:
        settings = self._settings
        self._console.note("kafka", "resolving Apache Kafka (the first time takes a download)")
        jars = resolve_jars()
        node = KafkaNode(
            host=settings.host,
            port=settings.kafka_port,
            controller_port=settings.kafka_controller_port,
            folder=self._folder.kafka,
        )
        node.format(jars)
        return node.spec(jars)

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
