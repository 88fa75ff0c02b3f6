"""`netcopilot produce`: publish recorded executions."""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TypedDict, Unpack

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from producers.errors import RecordingError
from producers.identity import Identity
from producers.pace import Pace
from producers.publisher import Outcome, Publisher
from producers.recordings import Line, RecordingReader, lines_of, open_recording
from producers.replay import Replay, Summary
from producers.reporter import sequence_of
from producers.settings import ProducerSettings
from runtime.log import configure_logging


class _Options(TypedDict):
    recording: str
    rate: float | None
    tenant: str | None
    limit: int | None
    repeat: int
    strict: bool
    progress: bool | None


@click.command("produce", short_help="Publish recorded executions (JSON lines).")
@click.option(
    "--jsonl", "recording", required=True, metavar="FILE", help="JSON lines, also gzip-compressed; - for stdin."
)
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), metavar="N", help="Events a second at most.")
@click.option("--tenant", metavar="ID", help="Tenant of lines that name none; default NETCOPILOT_TENANT_ID.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after so many lines.")
@click.option("--repeat", type=click.IntRange(min=1), default=1, show_default=True, help="Publish the file so often.")
@click.option("--strict", is_flag=True, help="Stop at the first line that is no execution.")
@click.option("--progress/--no-progress", default=None, help="Progress bar on standard error; default on a terminal.")
def produce_command(**options: Unpack[_Options]) -> None:
    """Publish recorded executions, secrets masked, and say how many went how fast.

    Exit code: 0 when the broker has every event, 75 when some wait in the spool, 1 when some are lost or a line was bad
    under --strict. Bad lines otherwise are reported, counted and passed over.
    """
    if options["recording"] == "-" and options["repeat"] > 1:
        raise click.UsageError("standard input cannot be repeated: give a file")
    settings = ProducerSettings()
    if options["tenant"]:
        settings = settings.model_copy(update={"tenant_id": options["tenant"]})
    configure_logging(settings, process="produce")
    reader = RecordingReader(
        Identity.from_settings(settings),
        next_sequence=sequence_of(settings),
        output_limit=settings.output_limit_bytes,
    )
    with Publisher.open(settings) as publisher:
        replay = Replay(reader, publisher, Pace(options["rate"]))
        started = time.monotonic()
        lines = islice(_repeated(options["recording"], options["repeat"]), options["limit"])
        visible = sys.stderr.isatty() if options["progress"] is None else options["progress"]
        _run(replay, lines, strict=options["strict"], visible=visible)
        summary = replay.finish(started=started, patience=settings.publish_timeout_seconds)
    click.echo(str(summary))
    sys.exit(_exit_code(summary))


def _repeated(recording: str, times: int) -> Iterator[Line]:
    return chain.from_iterable(_lines(recording) for _ in range(times))


def _lines(recording: str) -> Iterator[Line]:
    try:
        with open_recording(recording) as stream:
            yield from lines_of(stream)
    except OSError as error:
        raise click.ClickException(f"cannot read {recording}: {error.strerror or error}") from error


def _run(replay: Replay, lines: Iterable[Line], *, strict: bool, visible: bool) -> None:
    console = Console(stderr=True, force_terminal=visible or None)

    def on_bad_line(line: Line, error: RecordingError) -> None:
        console.print(f"line {line.number}: {error}", markup=False, highlight=False)
        if strict:
            raise click.ClickException(f"line {line.number} is no execution (--strict)")

    columns = (TextColumn("events"), BarColumn(), MofNCompleteColumn(), TaskProgressColumn(show_speed=True))
    with Progress(*columns, TimeElapsedColumn(), console=console, disable=not visible, transient=True) as bar:
        task = bar.add_task("events", total=None)
        replay.run(_counted(lines, bar, task), on_bad_line=on_bad_line)


def _counted(lines: Iterable[Line], bar: Progress, task: TaskID) -> Iterator[Line]:
    for line in lines:
        yield line
        bar.advance(task)


def _exit_code(summary: Summary) -> int:
    if summary.tally.outcomes[Outcome.REFUSED]:
        return 1
    return os.EX_TEMPFAIL if summary.waiting else 0
