import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cli.stack.probes import http_answers, kafka_answers, redis_answers, tcp_accepts
from tests.services.process import HOST, free_port


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/ready" else 503)
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def http_port() -> Iterator[int]:
    with HTTPServer((HOST, 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_http_is_ready_when_it_answers_200(http_port: int) -> None:
    assert http_answers(HOST, http_port, "/ready")()
    assert not http_answers(HOST, http_port, "/not-yet")()


def test_kafka_is_ready_when_it_tells_metadata(kafka: str) -> None:
    host, _, port = kafka.rpartition(":")
    assert kafka_answers(host, int(port))()


def test_redis_is_ready_when_it_answers_ping(redis_url: str) -> None:
    host, _, port = redis_url.removeprefix("redis://").split("/")[0].rpartition(":")
    assert redis_answers(host, int(port))()


def test_nothing_is_ready_where_nobody_listens() -> None:
    port = free_port()
    for probe in (tcp_accepts(HOST, port), http_answers(HOST, port, "/"), redis_answers(HOST, port)):
        assert not probe()
    assert not kafka_answers(HOST, port)()


def test_another_server_is_neither_kafka_nor_redis(http_port: int) -> None:
    assert tcp_accepts(HOST, http_port)()
    assert not redis_answers(HOST, http_port)()
    assert not kafka_answers(HOST, http_port)()


def test_a_server_that_accepts_and_says_nothing_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.stack.probes._PATIENCE", 0.3)
    with socket.create_server((HOST, 0)) as silent:
        port = silent.getsockname()[1]
        assert not http_answers(HOST, port, "/")()
        assert not redis_answers(HOST, port)()
        assert not kafka_answers(HOST, port)()
