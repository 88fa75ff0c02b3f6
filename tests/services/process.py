"""Runs one part of the local stack for the tests, from the same specification that `netcopilot up` runs."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.stack.spec import ChildSpec
from tests.services.child import Child

HOST = "127.0.0.1"


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(spec: ChildSpec, folder: Path) -> Iterator[Child]:
    """Run the part until the block ends; it is ready when the block begins, and gone after it."""
    child = Child(spec, folder)
    child.start()
    try:
        child.wait_until_ready()
        yield child
    finally:
        child.stop()
