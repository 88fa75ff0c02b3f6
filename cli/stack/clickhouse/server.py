"""The server process: binds its port, opens the engine, serves until it is told to stop, drains."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from cli.stack.clickhouse.app import create_app
from cli.stack.clickhouse.credentials import Credentials
from cli.stack.clickhouse.engine import Engine
from cli.stack.clickhouse.folder import locked
from cli.stack.clickhouse.service import QueryService
from runtime.errors import ConfigurationError
from runtime.log import get_logger

_FAREWELL_SECONDS = 4
"""How long the clients of killed queries have to be told."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What the server is started with."""

    host: str
    port: int
    data_dir: Path
    memory_limit: int
    """Bytes for all queries, merges and caches together."""
    threads: int
    """Queries that run at once."""
    queue: int
    """Queries that may wait."""
    drain_seconds: int
    """How long running queries may go on after SIGTERM; then they are killed."""
    credentials: Credentials


def serve(options: ServerOptions) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        ConfigurationError: the port is taken, or the data folder is in use.

    """
    with (
        _bound(options.host, options.port) as listener,
        locked(options.data_dir),
        Engine(options.data_dir, memory_limit=options.memory_limit) as engine,
    ):
        log.info("engine_open", version=engine.version, data_dir=str(options.data_dir))
        asyncio.run(_serve(options, listener, engine))


async def _serve(options: ServerOptions, listener: socket.socket, engine: Engine) -> None:
    service = QueryService(engine, threads=options.threads, queue=options.queue)
    config = uvicorn.Config(
        create_app(service, options.credentials),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=options.drain_seconds + _FAREWELL_SECONDS,
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True
        loop.call_later(options.drain_seconds, service.kill_all)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await server.serve(sockets=[listener])
    finally:
        await service.close()
        log.info("stopped")


class _Server(uvicorn.Server):
    """Leaves signals to its caller, where uvicorn would raise them again and not end with code 0."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """Hold the port before the engine loads, so that a taken one costs no time."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or each answer waits 40 ms for an ACK
        try:
            listener.bind((host, port))
        except OSError as error:
            raise ConfigurationError(
                f"Cannot listen on {host}:{port} ({error.strerror}): "
                "stop what listens there, or choose another address with --host and --port."
            ) from error
        yield listener
