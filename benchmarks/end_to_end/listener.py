"""Live subscribers, each in a process of its own: they note when each event came."""

import asyncio
import http.client
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Final

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.end_to_end.clock import now
from benchmarks.end_to_end.helper import READY

_READ_BYTES: Final = 1 << 18
BLOCK_END: Final = b"\n\n"
"""What stands between the blocks of a `text/event-stream`."""
_EVENT_ID: Final = re.compile(rb'"event_id":"([0-9a-f-]{36})"')

Received = dict[str, list[float]]
"""The times at which each event came, by its id."""


def listen_sse(host: str, port: int, channel: Connection) -> None:
    """Follow GET /v1/live: tell when it is open; told that it is over, tell what came."""
    connection = http.client.HTTPConnection(host, port)
    connection.request("GET", "/v1/live")
    response = connection.getresponse()
    channel.send(READY)
    threading.Thread(target=_hang_up, args=(connection, channel), daemon=True).start()
    received: Received = {}
    with suppress(http.client.IncompleteRead):  # how a stream ends that is hung up
        for moment, block in _blocks(response):
            note(received, block, moment)
    channel.send(received)


def listen_websocket(host: str, port: int, channel: Connection) -> None:
    """Follow the WebSocket: tell when it is open; told that it is over, tell what came."""
    channel.send(asyncio.run(_follow(f"ws://{host}:{port}/ws/commands", channel)))


def note(received: Received, block: bytes, moment: float) -> None:
    """Note when a block came, if it is an event."""
    found = _EVENT_ID.search(block)
    if found is not None:
        received.setdefault(found[1].decode(), []).append(moment)


def _hang_up(connection: http.client.HTTPConnection, channel: Connection) -> None:
    channel.recv()
    connection.sock.shutdown(socket.SHUT_RDWR)


def _blocks(response: http.client.HTTPResponse) -> Iterator[tuple[float, bytes]]:
    """Yield each block of the stream, with when its end was read."""
    rest = b""
    while chunk := response.read1(_READ_BYTES):
        moment = now()
        *blocks, rest = (rest + chunk).split(BLOCK_END)
        yield from ((moment, block) for block in blocks)


async def _follow(url: str, channel: Connection) -> Received:
    received: Received = {}
    async with connect(url, max_queue=None) as stream:
        channel.send(READY)
        leaving = asyncio.create_task(_leave(stream, channel))
        async for message in stream:
            note(received, message if isinstance(message, bytes) else message.encode(), now())
        await leaving
    return received


async def _leave(stream: ClientConnection, channel: Connection) -> None:
    await asyncio.to_thread(channel.recv)
    await stream.close()
