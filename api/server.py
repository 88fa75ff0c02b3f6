"""uvicorn, drained in the right order on SIGTERM and SIGINT."""

import asyncio
import signal
import socket
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from api.services import Services
from api.settings import ApiSettings
from runtime.errors import ConfigurationError
from runtime.log import get_logger

log = get_logger(__name__)


class DrainingServer(uvicorn.Server):
    """On the first signal: not ready, then the live streams end, then no new connections. A second one ends at once."""

    def __init__(self, config: uvicorn.Config, app: Starlette, *, notice_seconds: float) -> None:
        super().__init__(config)
        self._app = app
        self._notice_seconds = notice_seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._draining: asyncio.Task[None] | None = None

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal comes."""
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; uvicorn calls this in a signal handler."""
        if self._draining is not None or self._loop is None:
            super().handle_exit(sig, frame)
            self.force_exit = True
            return
        self._loop.call_soon_threadsafe(self._begin, signal.Signals(sig).name)

    def _begin(self, signal_name: str) -> None:
        if self._draining is None and self._loop is not None:
            log.info("draining", signal=signal_name)
            self._draining = self._loop.create_task(self._drain())

    async def _drain(self) -> None:
        services: Services | None = getattr(self._app.state, "services", None)
        if services is not None:
            services.readiness.drain()
            await asyncio.sleep(self._notice_seconds)
            services.hub.end()
        self.should_exit = True


def configuration(app: Starlette, settings: ApiSettings) -> uvicorn.Config:
    """Return how uvicorn serves the application."""
    return uvicorn.Config(
        app,
        host=settings.api_host,
        port=settings.api_port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # it compresses every frame anew for every stream
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=max(1, round(settings.api_drain_seconds)),
        ws_max_size=65_536,
        backlog=512,
    )


def serve(app: Starlette, settings: ApiSettings) -> None:
    """Run the application until a signal asks for a drain.

    Raises:
        ConfigurationError: the address cannot be bound.

    """
    config = configuration(app, settings)
    bound = _bind(settings)
    server = DrainingServer(config, app, notice_seconds=settings.api_drain_notice_seconds)
    host, port = bound.getsockname()[:2]
    log.info("serving", url=f"http://{host}:{port}")
    server.run(sockets=[bound])
    if not server.started:
        raise RuntimeError("the application did not start; the lines above say why")


def _bind(settings: ApiSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.api_host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.api_host, settings.api_port))
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"cannot listen on {settings.api_host}:{settings.api_port} ({error.strerror}); "
            "set NETCOPILOT_API_PORT (or --port) to a free port, NETCOPILOT_API_HOST to an address of this machine"
        ) from error
    return listener
