"""The application: its routes, what surrounds them, and what starts and stops with it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute

from api.analysis.analyzer import Analyzer
from api.dashboard import routes as dashboard_routes
from api.database import Database
from api.endpoint import routes
from api.endpoints import ENDPOINTS
from api.errors import HANDLED
from api.ingest.publisher import Publisher
from api.live.hub import Hub
from api.live.reader import Reader
from api.live.replay import Replayer
from api.middleware.body_limit import BodyLimit
from api.middleware.observation import Observation
from api.middleware.security import SecurityHeaders
from api.openapi import document
from api.origin import allowed_origins
from api.readiness import Readiness
from api.routes import schema_registry, websocket
from api.routes.documentation import documentation_routes
from api.services import Services
from api.settings import ApiSettings
from schemas.registry import open_registry

_GZIP_BYTES = 1024
_GZIP_LEVEL = 5


def create_app(settings: ApiSettings, *, executed_topic: str, analyzed_topic: str) -> Starlette:
    """Return the API; its services start with the ASGI lifespan, and none of them has to answer by then."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with _running(settings, executed_topic, analyzed_topic) as services:
            app.state.services = services
            yield

    return Starlette(
        routes=_routes(),
        middleware=_middleware(settings),
        exception_handlers=dict(HANDLED),
        lifespan=lifespan,
    )


@asynccontextmanager
async def _running(settings: ApiSettings, executed_topic: str, analyzed_topic: str) -> AsyncIterator[Services]:
    url = settings.schema_registry_url
    registry = open_registry(url.get_secret_value() if url else None)
    hub = Hub(capacity=settings.api_live_queue_events, subscribers=settings.api_live_subscribers)
    reader = Reader(settings, topic=analyzed_topic, registry=registry, hub=hub)
    async with AsyncExitStack() as stack:
        services = Services(
            settings=settings,
            registry=registry,
            database=await stack.enter_async_context(Database(settings)),
            publisher=await stack.enter_async_context(Publisher(settings, topic=executed_topic)),
            hub=hub,
            reader=reader,
            replayer=Replayer(settings, topic=analyzed_topic, registry=registry),
            analyzer=await stack.enter_async_context(Analyzer(settings)),
            readiness=Readiness(),
        )
        reader.start()
        stack.push_async_callback(reader.stop)
        stack.callback(hub.end)
        yield services


def _routes() -> list[BaseRoute]:
    return [
        *routes(ENDPOINTS),
        websocket.ROUTE,
        *documentation_routes(document(ENDPOINTS, version=_version())),
        *schema_registry.ROUTES,
        *dashboard_routes,
    ]


def _middleware(settings: ApiSettings) -> list[Middleware]:
    origins = allowed_origins(settings.api_cors_origins)
    cors = Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "X-Request-Id", "Last-Event-ID", "traceparent"],
        expose_headers=["X-Request-Id", "Retry-After"],
    )
    return [
        Middleware(SecurityHeaders),
        Middleware(Observation),
        *([cors] if origins else []),
        Middleware(GZipMiddleware, minimum_size=_GZIP_BYTES, compresslevel=_GZIP_LEVEL),
        Middleware(BodyLimit, most=settings.api_body_limit_bytes),
    ]


def _version() -> str:
    try:
        return version("netcopilot")
    except PackageNotFoundError:
        return "0+checkout"
