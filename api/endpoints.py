"""All documented endpoints."""

from api.endpoint import Endpoint
from api.routes import analyze, commands, devices, health, ingest, live, stats, suggestions

ENDPOINTS: tuple[Endpoint, ...] = (
    *commands.ENDPOINTS,
    *analyze.ENDPOINTS,
    *ingest.ENDPOINTS,
    *live.ENDPOINTS,
    *stats.ENDPOINTS,
    *devices.ENDPOINTS,
    *suggestions.ENDPOINTS,
    *health.ENDPOINTS,
)
