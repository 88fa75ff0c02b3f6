"""The proxy's bad networks, through plain sockets."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.services.process import HOST
from tests.services.proxy import FAIR, Proxies, Proxy, Weather, proxies
from tests.services.waiting import until


@pytest.fixture
def made() -> Iterator[Proxies]:
    with proxies() as making:
        yield making


@pytest.fixture
def proxy(made: Proxies) -> Iterator[Proxy]:
    """One in front of a server that sends back what it gets."""
    with socket.create_server((HOST, 0)) as server:
        threading.Thread(target=_echo, args=(server,), daemon=True).start()
        yield made.to(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)


def _echo(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_send_back, args=(connection,), daemon=True).start()


def _send_back(connection: socket.socket) -> None:
    with connection:
        try:
            while received := connection.recv(65536):
                connection.sendall(received)
        except OSError:
            return


def connected(proxy: Proxy) -> socket.socket:
    return socket.create_connection((HOST, proxy.port), timeout=10)


def receive(client: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size and (chunk := client.recv(size - len(received))):
        received += chunk
    return received


def test_what_is_sent_arrives_and_comes_back(proxy: Proxy) -> None:
    text = bytes(range(256)) * 4096
    with connected(proxy) as client:
        threading.Thread(target=client.sendall, args=(text,)).start()
        assert receive(client, len(text)) == text


def test_an_end_that_closes_closes_the_other(proxy: Proxy) -> None:
    with connected(proxy) as client:
        client.sendall(b"x")
        receive(client, 1)
    until(lambda: proxy.connections == 0)


def test_open_connections_are_reset_and_new_ones_served(proxy: Proxy) -> None:
    with connected(proxy) as client:
        client.sendall(b"x")
        receive(client, 1)
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    with connected(proxy) as client:
        client.sendall(b"y")
        assert receive(client, 1) == b"y"


def test_new_connections_are_reset_while_it_refuses(proxy: Proxy) -> None:
    proxy.be(Weather(refuses=True))
    with pytest.raises(ConnectionResetError), connected(proxy) as client:
        client.recv(1)
    proxy.be(FAIR)
    with connected(proxy) as client:
        client.sendall(b"x")
        assert receive(client, 1) == b"x"


def test_a_chunk_waits_in_both_directions(proxy: Proxy) -> None:
    proxy.be(Weather(delay=0.2))
    with connected(proxy) as client:
        began = time.monotonic()
        client.sendall(b"x")
        receive(client, 1)
        assert time.monotonic() - began >= 0.4


def test_held_bytes_arrive_once_they_may(proxy: Proxy) -> None:
    with connected(proxy) as client:
        proxy.be(Weather(holds=True))
        client.sendall(b"x")
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.recv(1)
        proxy.be(FAIR)
        client.settimeout(10)
        assert receive(client, 1) == b"x"


def test_a_truncated_connection_ends_in_the_middle(proxy: Proxy) -> None:
    with connected(proxy) as client:
        client.sendall(b"x")
        receive(client, 1)
        proxy.be(Weather(truncates_after=5))
        client.sendall(b"0123456789")
        received = b""
        with suppress(ConnectionResetError):
            received = receive(client, 10)
        assert len(received) <= 5
