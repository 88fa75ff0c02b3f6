"""A bound on request bodies.

Starlette's own middleware answers in plain text; here the error has the shape of all others.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError


class BodyLimit:
    """ASGI middleware: whoever reads a larger body, or one that says it is, gets a 413 raised."""

    def __init__(self, app: ASGIApp, *, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bound the body of an HTTP request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        taken = int(declared) if declared.isdecimal() and int(declared) > self._most else 0

        async def limited() -> Message:
            nonlocal taken
            if taken <= self._most:
                message = await receive()
                taken += len(message.get("body", b""))
            if taken > self._most:
                raise ApiError(
                    413,
                    "content_too_large",
                    f"the body is larger than {self._most} bytes; hand in fewer events at once",
                )
            return message

        await self._app(scope, limited, send)
