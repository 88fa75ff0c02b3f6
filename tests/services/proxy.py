"""A TCP proxy that treats connections as bad networks do."""

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.services.process import HOST

_CHUNK = 64 * 1024
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Weather:
    """How bytes fare on their way, in both directions."""

    refuses: bool = False
    """Whether new connections are reset at once."""
    delay: float = 0.0
    """Seconds that every chunk waits."""
    holds: bool = False
    """Whether nothing passes though connections stay open, as behind a firewall that lost its state."""
    truncates_after: int | None = None
    """So many bytes pass a connection's direction from now on; then it is reset, in the middle of what is sent."""


FAIR = Weather()


class Proxy:
    """Forwards a port of its own to another; made by `tcp_proxy`. Its methods may be called from any thread."""

    def __init__(self, target: int, loop: asyncio.AbstractEventLoop) -> None:
        self.target = target
        self.port = 0
        self._loop = loop
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()
        self._weather = FAIR
        self._fair = asyncio.Event()

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._connections)

    def be(self, weather: Weather) -> None:
        """Treat open and new connections so from now on."""
        self._run(self._be(weather))

    def cut(self) -> None:
        """Reset every open connection; new ones are treated as before."""
        self._run(self._cut())

    async def open(self) -> None:
        """Begin to listen; on the loop's thread."""
        self._fair.set()
        self._server = await asyncio.start_server(self._accept, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and reset what is open; on the loop's thread."""
        if self._server is not None:
            self._server.close()
        await self._cut()

    def _run(self, step: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(step, self._loop).result(10)

    async def _be(self, weather: Weather) -> None:
        self._weather = weather
        for connection in self._connections:
            connection.allowance = weather.truncates_after
        if weather.holds:
            self._fair.clear()
        else:
            self._fair.set()

    async def _cut(self) -> None:
        for connection in self._connections:
            connection.reset()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._weather.refuses:
            _reset(writer)
            return
        try:
            there = await asyncio.open_connection(HOST, self.target)
        except OSError:
            _reset(writer)
            return
        connection = _Connection(writer, there[1], self._weather.truncates_after)
        self._connections.add(connection)
        try:
            await asyncio.gather(
                self._forward(reader, there[1], connection), self._forward(there[0], writer, connection)
            )
        finally:
            self._connections.discard(connection)
            connection.reset()

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: "_Connection"
    ) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(_CHUNK):
                await self._fair.wait()
                await asyncio.sleep(self._weather.delay)
                passing = connection.admit(chunk)
                writer.write(passing)
                await writer.drain()
                if len(passing) < len(chunk):
                    break
        connection.end()


class _Connection:
    """Both ends of a forwarded connection."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter, allowance: int | None) -> None:
        self.allowance = allowance
        self._ends = (near, far)

    def admit(self, chunk: bytes) -> bytes:
        """Return the part of the chunk that may pass."""
        if self.allowance is None:
            return chunk
        passing = chunk[: self.allowance]
        self.allowance -= len(passing)
        return passing

    def end(self) -> None:
        """Close both ends once what was written is sent."""
        for end in self._ends:
            end.close()

    def reset(self) -> None:
        """Reset both ends; what was not sent is lost."""
        for end in self._ends:
            _reset(end)


def _reset(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    with suppress(OSError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


class Proxies:
    """Makes proxies on a thread of its own."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.all: list[Proxy] = []
        self._loop = loop

    def to(self, target: int) -> Proxy:
        """Return a proxy to a port of this machine; it lives until the block of `proxies` ends."""
        proxy = Proxy(target, self._loop)
        asyncio.run_coroutine_threadsafe(proxy.open(), self._loop).result(10)
        self.all.append(proxy)
        return proxy

    def door(self, target: int) -> int:
        """Return the port of a proxy to that port, as `tests.services.cluster.kafka_cluster` asks for it."""
        return self.to(target).port


@contextmanager
def proxies() -> Iterator[Proxies]:
    """Make proxies until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="proxies", daemon=True)
    thread.start()
    made = Proxies(loop)
    try:
        yield made
    finally:
        for proxy in made.all:
            asyncio.run_coroutine_threadsafe(proxy.close(), loop).result(10)
        asyncio.run_coroutine_threadsafe(_end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end() -> None:
    """Cancel what still runs on the loop, and wait for it."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
