"""What the endpoints work with."""

from dataclasses import dataclass
from typing import cast

from starlette.requests import HTTPConnection

from api.analysis.analyzer import Analyzer
from api.database import Database
from api.ingest.publisher import Publisher
from api.live.hub import Hub
from api.live.reader import Reader
from api.live.replay import Replayer
from api.readiness import Readiness
from api.settings import ApiSettings
from schemas.registry import Registry


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running API, made by `api.app.create_app` and closed with it."""

    settings: ApiSettings
    registry: Registry
    database: Database
    publisher: Publisher
    hub: Hub
    reader: Reader
    replayer: Replayer
    analyzer: Analyzer
    readiness: Readiness


def services(connection: HTTPConnection) -> Services:
    """Return the services of the application that a request came to."""
    return cast("Services", connection.app.state.services)
