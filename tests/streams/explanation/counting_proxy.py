"""A TCP proxy that counts the calls that pass it."""

import socket
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from tests.services.process import HOST

_CALL = b"POST /v1/chat/completions"


class CountingProxy:
    """Stands before an endpoint; `calls` counts completions that were asked for. A context manager."""

    def __init__(self, base_url: str) -> None:
        address = urlsplit(base_url)
        self._target = (address.hostname or HOST, address.port or 80)
        self._listener = socket.create_server((HOST, 0))
        self.base_url = f"http://{HOST}:{self._listener.getsockname()[1]}{address.path}"
        self.calls = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                threading.Thread(target=self._carry, args=(client, server), kwargs={"count": True}, daemon=True).start()
                threading.Thread(target=self._carry, args=(server, client), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, *, count: bool = False) -> None:
        """Copy one direction until its end; request heads come in one segment, as a client writes them."""
        with suppress(OSError):
            while data := source.recv(65536):
                if count:
                    self.calls += data.count(_CALL)
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
