"""The demonstration model, served for as long as one command runs."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

import httpx

from runtime.deathsignal import tie_to_this_process
from runtime.errors import ConfigurationError

_HOST: Final = "127.0.0.1"
_PATIENCE_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.05
_STOP_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an OpenAI-compatible server is, and the model it has."""

    base_url: str
    model: str


def local_model_is_installed() -> bool:
    """Tell whether the server of the demonstration model can be started."""
    return find_spec("xllamacpp") is not None


@contextmanager
def local_model() -> Iterator[Endpoint]:
    """Give the block the endpoint of a server of its own.

    Raises:
        ConfigurationError: the server did not start.

    """
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "cli.stack.model", f"--host={_HOST}", f"--port={port}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=tie_to_this_process(),  # noqa: PLW1509 - a command line tool has one thread
    )
    try:
        base_url = f"http://{_HOST}:{port}/v1"
        yield Endpoint(base_url, _model_of(base_url, server))
    finally:
        _stop(server)


def _model_of(base_url: str, server: subprocess.Popen[bytes]) -> str:
    """Return the name of the one model, as soon as the server tells it."""
    ends = time.monotonic() + _PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < ends:
        try:
            name: str = httpx.get(f"{base_url}/models").raise_for_status().json()["data"][0]["id"]
        except httpx.HTTPError:
            time.sleep(_LOOK_SECONDS)
        else:
            return name
    raise ConfigurationError(
        "the demonstration model did not start (`python -m cli.stack.model` says why); "
        "set NETCOPILOT_LLM_BASE_URL and NETCOPILOT_LLM_MODEL to another"
    )


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((_HOST, 0))
        port: int = listener.getsockname()[1]
        return port
