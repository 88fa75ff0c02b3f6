"""The live stream over a WebSocket, as JSON text frames."""

from contextlib import aclosing
from itertools import chain

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from api import metrics
from api.errors import ApiError, render
from api.live.conversation import Writes, write_until_left
from api.live.notice import End, EndReason
from api.live.stream import LiveStream
from api.live.subscription import Subscription
from api.origin import allowed_origins, may_connect
from api.routes.live import live_stream
from api.services import services

_TRANSPORT = "websocket"
_GOING_AWAY, _TRY_AGAIN_LATER = 1001, 1013
_CLOSE_CODES = {EndReason.SHUTDOWN: _GOING_AWAY, EndReason.TOO_SLOW: _TRY_AGAIN_LATER}
"""RFC 6455 and the IANA registry of close codes."""


async def commands_socket(socket: WebSocket) -> None:
    """Send frames of type `hello`, `command`, `heartbeat`, `gap` and `end`; what the client sends is ignored."""
    try:
        _check_origin(socket)
        stream = live_stream(socket, last_event_id=None)
        with stream.hub.subscribe(stream.selection, transport=_TRANSPORT) as subscription:
            await socket.accept()
            await _converse(socket, stream, subscription)
    except ApiError as error:
        await socket.send_denial_response(render(socket, error))


async def _converse(socket: WebSocket, stream: LiveStream, subscription: Subscription) -> None:
    writes = Writes()
    writing = _write(socket, stream, subscription, writes)
    await write_until_left(writing, _left(socket), writes, ordinary=(WebSocketDisconnect,))


async def _write(socket: WebSocket, stream: LiveStream, subscription: Subscription, writes: Writes) -> None:
    sent = metrics.LIVE_EVENTS_SENT.labels(_TRANSPORT)
    async with aclosing(stream.portions(subscription)) as written:
        async for portions in written:
            for frame in chain.from_iterable(portion.frames for portion in portions):
                await writes.wait_for(socket.send_text(frame.websocket))
                if isinstance(frame, End):
                    await socket.close(_CLOSE_CODES[frame.reason], frame.reason)
            sent.inc(sum(portion.events for portion in portions))


async def _left(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


def _check_origin(socket: WebSocket) -> None:
    if not may_connect(socket, allowed_origins(services(socket).settings.api_cors_origins)):
        raise ApiError(
            403, "origin_not_allowed", "this page's origin may not connect; add it to NETCOPILOT_API_CORS_ORIGINS"
        )


ROUTE = WebSocketRoute("/ws/commands", commands_socket)
