"""All documented endpoints."""

from api.endpoint import Endpoint
from api.routes import commands, devices, health, ingest, live, stats

ENDPOINTS: tuple[Endpoint, ...] = (
    *commands.ENDPOINTS,
    *ingest.ENDPOINTS,
    *live.ENDPOINTS,
    *stats.ENDPOINTS,
    *devices.ENDPOINTS,
    *health.ENDPOINTS,
)
