"""The demonstration model: llama.cpp's OpenAI-compatible server."""

import re
import sys

from cli.stack.probes import http_answers
from cli.stack.spec import ChildSpec


def model_spec(*, host: str, port: int) -> ChildSpec:
    """Return the model's server; it is ready when the weights are loaded."""
    return ChildSpec(
        name="model",
        argv=(sys.executable, "-m", "cli.stack.model", f"--host={host}", f"--port={port}"),
        ready=http_answers(host, port, "/health"),
        address=f"http://{host}:{port}/v1",
        harmless=re.compile(r"^[\d.]+ [WI] "),
        stop_within=20.0,
    )
