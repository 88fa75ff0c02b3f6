"""Many live subscribers in one process: all of them count, some of them note when each event came."""

import asyncio
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from typing import Final, cast

import uvloop

from benchmarks.end_to_end.clock import now
from benchmarks.end_to_end.helper import READY
from benchmarks.end_to_end.listener import BLOCK_END, Received, note

_TIMED_EVERY: Final = 50
_EVENT: Final = b"\nevent: command\n"
_CUT: Final = b"\nevent: end\n"


@dataclass(slots=True)
class Crowd:
    """What many subscribers got."""

    subscribers: int
    events: int = 0
    """Of all subscribers together."""
    cut: int = 0
    """Subscribers whose stream the API ended."""
    timed: list[Received] = field(default_factory=list)
    """What came to each of those that note times."""


def gather(host: str, port: int, subscribers: int, channel: Connection) -> None:
    """Follow GET /v1/live many times: tell when all are open; told that it is over, tell a `Crowd`."""
    channel.send(uvloop.run(_gather(host, port, subscribers, channel)))


async def _gather(host: str, port: int, subscribers: int, channel: Connection) -> Crowd:
    crowd, loop = Crowd(subscribers), asyncio.get_running_loop()
    transports = []
    for number in range(subscribers):
        kind = Subscriber if number % _TIMED_EVERY else TimedSubscriber
        transport, protocol = await loop.create_connection(partial(kind, crowd, host), host, port)
        await protocol.opened.wait()
        transports.append(transport)
    channel.send(READY)
    await asyncio.to_thread(channel.recv)
    for transport in transports:
        transport.abort()
    return crowd


class Subscriber(asyncio.Protocol):
    """Counts blocks without taking them apart: what it costs must not slow the API down."""

    def __init__(self, crowd: Crowd, host: str) -> None:
        self._crowd = crowd
        self._host = host
        self._tail = b""
        self.opened = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        request = f"GET /v1/live HTTP/1.1\r\nHost: {self._host}\r\n\r\n"
        cast("asyncio.Transport", transport).write(request.encode())

    def data_received(self, data: bytes) -> None:
        """Count what begins or ends in the data."""
        self.opened.set()
        self._crowd.events += self._count(data, _EVENT)
        self._crowd.cut += self._count(data, _CUT)
        self._tail = (self._tail + data[-len(_EVENT) :])[-len(_EVENT) :]

    def _count(self, data: bytes, marker: bytes) -> int:
        """Return how often the marker ends in the data; it may have begun before."""
        across = self._tail[1 - len(marker) :] + data[: len(marker) - 1]
        return data.count(marker) + across.count(marker)


class TimedSubscriber(Subscriber):
    """Notes when each event came."""

    def __init__(self, crowd: Crowd, host: str) -> None:
        super().__init__(crowd, host)
        self._rest = b""
        self._received: Received = {}
        crowd.timed.append(self._received)

    def data_received(self, data: bytes) -> None:
        """Count, and take apart what is complete."""
        moment = now()
        super().data_received(data)
        *blocks, self._rest = (self._rest + data).split(BLOCK_END)
        for block in blocks:
            note(self._received, block, moment)
