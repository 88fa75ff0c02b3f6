"""Which web pages may talk to the API from a browser."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


def allowed_origins(setting: str) -> tuple[str, ...]:
    """Return the origins of the comma-separated setting."""
    return tuple(origin.strip().rstrip("/") for origin in setting.split(",") if origin.strip())


def may_connect(connection: HTTPConnection, allowed: Collection[str]) -> bool:
    """Tell whether a WebSocket may be opened: browsers apply no same-origin rule to them, so the server has to."""
    origin = connection.headers.get("origin")
    if origin is None or origin in allowed or "*" in allowed:
        return True
    return urlsplit(origin).netloc == connection.headers.get("host")
