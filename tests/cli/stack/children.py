"""Small real children for the supervisor's tests."""

import sys
from dataclasses import replace
from pathlib import Path

from cli.stack.probes import tcp_accepts
from cli.stack.spec import ChildSpec
from tests.services.process import HOST, free_port

_SERVE = """
import pathlib, signal, socket, sys, time
mark = pathlib.Path(sys.argv[1])
def stop(*_):
    mark.with_suffix(".stopped").write_text(str(time.monotonic()))
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
with mark.with_suffix(".starts").open("a") as starts:
    starts.write("x")
mark.touch()
server = socket.create_server(("127.0.0.1", int(sys.argv[2])))
while True:
    time.sleep(0.1)
"""
_STUBBORN = _SERVE.replace("sys.exit(0)", "return")


def serving(name: str, folder: Path) -> ChildSpec:
    """A child that is ready when it serves and ends on SIGTERM."""
    port = free_port()
    return ChildSpec(
        name=name,
        argv=(sys.executable, "-c", _SERVE, str(folder / name), str(port)),
        ready=tcp_accepts(HOST, port),
    )


def stubborn(name: str, folder: Path) -> ChildSpec:
    """A child that does not end on SIGTERM."""
    spec = serving(name, folder)
    return replace(spec, argv=(sys.executable, "-c", _STUBBORN, *spec.argv[3:]), stop_within=0.2)


def failing(name: str, code: int) -> ChildSpec:
    """A child that says its last words and ends with that exit code."""
    script = f"import os; print('last words of {name}', os.getpid()); raise SystemExit({code})"
    return ChildSpec(name=name, argv=(sys.executable, "-c", script), ready=lambda: False)


def starts(name: str, folder: Path) -> int:
    """How many times the child has started."""
    file = folder / f"{name}.starts"
    return len(file.read_text()) if file.exists() else 0


def stopped_at(name: str, folder: Path) -> float:
    """When (monotonic) the child was asked to end."""
    return float((folder / f"{name}.stopped").read_text())
