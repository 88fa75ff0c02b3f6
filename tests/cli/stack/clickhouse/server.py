"""The embedded server as a process of its own, for the tests that talk to it and for those that end it."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from tests.services.process import HOST, free_port

_START_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class EmbeddedServer:
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def client(self, *, compress: bool | str = True, **settings: object) -> Client:
        return clickhouse_connect.get_client(host=HOST, port=self.port, compress=compress, settings=settings)

    def post(self, body: bytes = b"", **parameters: str) -> Answer:
        return self.ask("POST", "/?" + urlencode(parameters), body)

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


def start(folder: Path, *flags: str, port: int | None = None, env: Mapping[str, str] | None = None) -> EmbeddedServer:
    """Start a server, ready or not."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = port or free_port()
    log = folder / f"server-{chosen}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "cli.stack.clickhouse", "--port", str(chosen)),
                *("--data-dir", str(folder / "data"), *flags),
            ],
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return EmbeddedServer(chosen, process, log)


@contextmanager
def running(folder: Path, *flags: str, env: Mapping[str, str] | None = None) -> Iterator[EmbeddedServer]:
    """A server that answers /ping when the block begins, and is gone after it."""
    server = start(folder, *flags, env=env)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        server.process.kill()
        server.process.wait()


def _wait_until_ready(server: EmbeddedServer) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            if server.ask("GET", "/ping").body == b"Ok.\n":
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server does not answer:\n{server.log.read_text(errors='replace')}")
