"""A name server for one name, as Docker's own answers for a service with replicas."""

import ipaddress
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.services.process import HOST

_HEADER = 12
_TYPE_A = 1
_CLASS_IN = 1
_NO_ERROR = 0x8180
_POINTER_TO_QUESTION = 0xC00C


class Names:
    """The addresses that every name has; assign to change them."""

    def __init__(self) -> None:
        self.addresses: tuple[str, ...] = ()

    def answer(self, query: bytes) -> bytes:
        """Return the answer to one DNS query (RFC 1035): the addresses for type A, none for any other type."""
        end = query.index(0, _HEADER) + 5
        question = query[_HEADER:end]
        (kind,) = struct.unpack("!H", question[-4:-2])
        addresses = self.addresses if kind == _TYPE_A else ()
        header = query[:2] + struct.pack("!5H", _NO_ERROR, 1, len(addresses), 0, 0)
        return header + question + b"".join(_record(address) for address in addresses)


def _record(address: str) -> bytes:
    packed = ipaddress.IPv4Address(address).packed
    return struct.pack("!HHHIH", _POINTER_TO_QUESTION, _TYPE_A, _CLASS_IN, 1, len(packed)) + packed


@contextmanager
def name_server() -> Iterator[tuple[Names, int]]:
    """Serve names over UDP until the block ends; yields them and the port."""
    names = Names()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            query, reply = self.request
            reply.sendto(names.answer(query), self.client_address)

    with socketserver.UDPServer((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield names, server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
