"""A door to ClickHouse at which a test decides what becomes of a request."""

import http.client
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote_plus, urlsplit

from tests.services.process import HOST

_PASSED_ON = ("Content-Type", "Content-Encoding", "Accept-Encoding", "Authorization", "User-Agent")
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Passage:
    """A request on its way."""

    handler: BaseHTTPRequestHandler
    body: bytes
    target: str
    opened: threading.Event
    """Set when the test lets go of what it holds."""

    @property
    def statement(self) -> str:
        """The SQL, wherever it stands."""
        return unquote_plus(urlsplit(self.handler.path).query) + self.body[:2_000].decode(errors="replace")

    def forward(self) -> None:
        """Let it pass, and its answer back."""
        status, headers, body = self._ask(self.body)
        self.handler.send_response(status)
        for name, value in headers:
            if name.lower().startswith("x-clickhouse") or name in {"Content-Type", "Content-Encoding"}:
                self.handler.send_header(name, value)
        self.handler.send_header("Content-Length", str(len(body)))
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def deliver(self) -> None:
        """Let it pass, and keep its answer."""
        self._ask(self.body)

    def deliver_half(self) -> None:
        """Let half of its body pass, and break off."""
        connection = self._connection()
        connection.putrequest("POST", self.handler.path)
        for name, value in self._headers():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(self.body)))
        connection.endheaders(self.body[: len(self.body) // 2])
        connection.close()

    def answer(self, status: int, body: bytes = b"<html>Bad gateway</html>", **headers: str) -> None:
        """Answer instead of ClickHouse."""
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Content-Length", str(len(body)))
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def reset(self) -> None:
        """Reset the connection."""
        self.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.handler.close_connection = True

    def hold(self) -> None:
        """Say nothing until the door is opened; then let it pass, though nobody may wait for it any more."""
        self.opened.wait(60)
        self.forward()

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        with closing(self._connection()) as connection:
            connection.request(self.handler.command, self.handler.path, body, dict(self._headers()))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.target).netloc.rpartition("@")[2], timeout=60)

    def _headers(self) -> list[tuple[str, str]]:
        return [(name, value) for name in _PASSED_ON if (value := self.handler.headers[name])]


Moment = Callable[[Passage], None]


class Door:
    """Lets everything pass but what it was told to meet."""

    def __init__(self, target: str) -> None:
        self.url = ""
        self.opened = threading.Event()
        self.met = 0
        """How many requests were not simply let through."""
        self._target = target
        self._words = ""
        self._moments: list[Moment] = []
        self._lock = threading.Lock()

    def meet(self, words: str, *moments: Moment) -> None:
        """Do this, one after the other, to the next requests whose statement holds the words."""
        with self._lock:
            self._words, self._moments = words, list(moments)

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Take a request."""
        passage = Passage(handler, _body(handler), self._target, self.opened)
        self._choose(passage)(passage)

    def _choose(self, passage: Passage) -> Moment:
        with self._lock:
            if self._moments and self._words in passage.statement:
                self.met += 1
                return self._moments.pop(0)
        return Passage.forward


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers["Transfer-Encoding"] != "chunked":
        return handler.rfile.read(int(handler.headers["Content-Length"] or 0))
    chunks = []
    while size := int(handler.rfile.readline(), 16):
        chunks.append(handler.rfile.read(size))
        handler.rfile.readline()
    handler.rfile.readline()
    return b"".join(chunks)


@contextmanager
def door_to(url: str) -> Iterator[Door]:
    """Stand before a ClickHouse until the block ends."""
    door = Door(url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            door.serve(self)

        def do_GET(self) -> None:
            door.serve(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True  # the sink was killed, or the test reset it

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    parts = urlsplit(url)
    who = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    door.url = f"http://{who}{HOST}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield door
    finally:
        door.opened.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
