"""Container health check: `healthcheck.py PORT...` exits 0 when the first port that listens answers /healthz with 200.

It runs every few seconds in every container, so it imports nothing but sockets.
"""

import socket
import sys

_TIMEOUT = 4.0
_REQUEST = b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"


def status_line(port: int) -> str | None:
    """Return the first line of the answer on that port of this host, or None where nobody listens.

    Raises:
        OSError: somebody listens and does not answer in time.

    """
    try:
        connection = socket.create_connection(("127.0.0.1", port), _TIMEOUT)
    except ConnectionRefusedError:
        return None
    with connection, connection.makefile("rb") as answer:
        connection.sendall(_REQUEST)
        return answer.readline().decode("latin-1").strip()


def verdict(ports: list[int]) -> str:
    """Return an empty string for a healthy process, else what is wrong with it."""
    for port in ports:
        try:
            line = status_line(port)
        except OSError as error:
            return f"port {port}: {error}"
        if line is not None:
            return "" if line.split(" ")[1:2] == ["200"] else f"port {port}: {line or 'no answer'}"
    return f"nothing listens on {', '.join(map(str, ports))}"


if __name__ == "__main__":
    sys.exit(verdict([int(port) for port in sys.argv[1:]]) or 0)
