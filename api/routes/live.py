"""Server-sent events: what happens now."""

from contextlib import aclosing

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api import metrics
from api.endpoint import Answer, Endpoint, PathParameter
from api.live.conversation import Writes, write_until_left
from api.live.selection import selection
from api.live.stream import LiveStream
from api.live.subscription import Subscription
from api.models.live_query import LiveParameters
from api.parameters import read_parameters
from api.services import services

_TRANSPORT = "sse"


def live_stream(connection: HTTPConnection, *, last_event_id: str | None) -> LiveStream:
    """Return the stream that a request asks for.

    Raises:
        ApiError: 422, a parameter is unknown or malformed.

    """
    asked = read_parameters(LiveParameters, connection.query_params)
    parts = services(connection)
    return LiveStream(
        hub=parts.hub,
        replayer=parts.replayer,
        selection=selection(asked),
        after=last_event_id or asked.after,
        heartbeat_seconds=parts.settings.api_live_heartbeat_seconds,
    )


class EventStream(Response):
    """A `text/event-stream` that ends when the stream does, or when the client leaves or stops reading."""

    media_type = "text/event-stream"

    def __init__(self, stream: LiveStream) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["Content-Length"]
        self._stream = stream

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Write the stream until it ends or the client leaves."""
        with self._stream.hub.subscribe(self._stream.selection, transport=_TRANSPORT) as subscription:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            writes = Writes()
            await write_until_left(self._write(subscription, send, writes), _left(receive), writes)

    async def _write(self, subscription: Subscription, send: Send, writes: Writes) -> None:
        sent = metrics.LIVE_EVENTS_SENT.labels(_TRANSPORT)
        async with aclosing(self._stream.portions(subscription)) as stream:
            async for portions in stream:
                body = b"".join(portion.sse for portion in portions)
                await writes.wait_for(send({"type": "http.response.body", "body": body, "more_body": True}))
                sent.inc(sum(portion.events for portion in portions))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def get_live(request: Request) -> Response:
    """Stream analysed executions as they happen: events `hello`, `command`, `gap` and `end`, comments as heartbeats.

    A `command` event's data is an item of GET /v1/commands. A client that connects again with Last-Event-ID gets what
    it missed, as far as the replay limit goes; a `gap` event says what it did not get. A client that reads too slowly
    gets an `end` event with the reason `too_slow`.
    """
    return EventStream(live_stream(request, last_event_id=request.headers.get("last-event-id")))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/v1/live",
        handler=get_live,
        tag="live",
        summary="Follow executions as they happen",
        query=LiveParameters,
        header_parameters=(
            PathParameter(
                name="Last-Event-ID", description="Id of the last event seen, to resume.", schema={"type": "string"}
            ),
        ),
        answers={200: Answer(description="The stream.", media_type="text/event-stream")},
        errors={422: "A parameter is unknown or malformed.", 503: "Too many streams, or the API is stopping."},
    ),
)
