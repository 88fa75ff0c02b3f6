"""`netcopilot exec`: run one command unchanged and record it."""

import os
import shlex
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import click

from producers.execution import Run
from producers.forwarding import SignalForwarder
from producers.passthrough import Passthrough

if TYPE_CHECKING:
    from producers.oneshot import OneShot

_KEEP_BYTES = 900 * 1024
"""No output limit can be set higher than this."""


@click.command(
    "exec",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    short_help="Run one command unchanged and record it.",
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_command(command: tuple[str, ...]) -> None:
    """Run COMMAND unchanged and record it.

    For example: netcopilot exec -- ping -c 3 192.0.2.1

    Input, output, signals and the exit code are the command's own (128 + n where signal n ended it, 127 where it does
    not exist, 126 where it may not run). Afterwards the execution, with its secrets masked, goes to the broker; where
    none answers within a second, to the spool on disk, from where a later `exec` or the agent sends it. Nothing is
    printed unless neither can be done.
    """
    argv = list(command)
    forwarder = SignalForwarder()
    with forwarder.installed(), ThreadPoolExecutor(1) as executor:
        preparing: list[Future[OneShot]] = []
        run = Passthrough(argv, keep=_KEEP_BYTES).run(
            forwarder, started=lambda: preparing.append(executor.submit(_prepare))
        )
        if failure := _recording_failure(preparing[0].result, argv, run):
            click.echo(f"netcopilot: the command was not recorded: {failure}", err=True)
    sys.exit(run.exit_code)


def _prepare() -> "OneShot":
    """Import and connect while the command runs: that takes longer than many a command."""
    from producers.oneshot import OneShot  # noqa: PLC0415

    return OneShot.open()


def _recording_failure(prepared: Callable[[], "OneShot"], argv: list[str], run: Run) -> str | None:
    """Record the run and return None, or why that failed: the command has run, nothing may spoil its exit code."""
    try:
        return prepared().record(shlex.join(argv), run, traceparent=os.environ.get("TRACEPARENT"))
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error}"
