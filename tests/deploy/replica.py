"""A small API replica: tells its address, streams events, echoes on a WebSocket."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket


class Replica:
    """One replica; `ready` is what /readyz tells, `release()` lets open streams send their second event and end."""

    def __init__(self, address: str, port: int) -> None:
        self.address = address
        self.ready = True
        self._gate = threading.Event()
        app = Starlette(
            routes=[
                Route("/readyz", self._readyz),
                Route("/v1/live", self._live),
                Route("/metrics", self._who),
                Route("/{path:path}", self._who, methods=["GET", "POST"]),
                WebSocketRoute("/ws/commands", self._echo),
            ]
        )
        self.server = uvicorn.Server(
            uvicorn.Config(app, host=address, port=port, log_level="critical", ws="websockets-sansio", lifespan="off")
        )

    def release(self) -> None:
        """Let every stream that is open now go on."""
        gate, self._gate = self._gate, threading.Event()
        gate.set()

    async def _readyz(self, _request: Request) -> Response:
        return PlainTextResponse("", status_code=200 if self.ready else 503)

    async def _who(self, request: Request) -> Response:
        headers = {"x-seen-proto": request.headers.get("x-forwarded-proto", "")}
        return PlainTextResponse(self.address, headers=headers)

    async def _live(self, _request: Request) -> Response:
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def _events(self) -> AsyncIterator[str]:
        gate = self._gate
        yield "data: first\n\n"
        await asyncio.to_thread(gate.wait, 60)
        yield "data: second\n\n"

    async def _echo(self, socket: WebSocket) -> None:
        await socket.accept()
        async for text in socket.iter_text():
            await socket.send_text(text)


@contextmanager
def replica(address: str, port: int) -> Iterator[Replica]:
    """Serve a replica on that address until the block ends; it listens when the block begins."""
    served = Replica(address, port)
    thread = threading.Thread(target=served.server.run)
    thread.start()
    while not served.server.started:
        thread.join(0.01)
        if not thread.is_alive():
            raise RuntimeError(f"no replica on {address}:{port}")
    try:
        yield served
    finally:
        served.release()
        served.server.should_exit = True
        thread.join()
