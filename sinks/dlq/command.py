"""`netcopilot dlq`: what died, why, and sending it again."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from runtime.errors import DataError, TransientError
from runtime.options import options_of, settings_from
from runtime.settings import KafkaSettings
from schemas.errors import RegistryUnavailableError
from schemas.registry import open_registry
from sinks.dlq.letter import Letter, Position
from sinks.dlq.listing import Listing, Summary
from sinks.dlq.options import POSITION, on_terms, selecting
from sinks.dlq.post import Post
from sinks.dlq.reading import BEGINNING, LetterReader
from sinks.dlq.replay import Replay, Tally, Terms
from sinks.dlq.selection import Selection
from sinks.dlq.sheet import sheet

_EXIT_REFUSED = 1
_EXIT_INTERRUPTED = 130


@click.group("dlq", short_help="Look at dead letters, and send them again.")
def dlq_command() -> None:
    """Look at the messages that could not be processed, and send them again once the cause is mended.

    A dead letter is named by its place in the dead-letter topic, PARTITION:OFFSET.
    """


@dlq_command.command("list")
@selecting
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="The newest so many.")
@click.option("--summary", is_flag=True, help="Count by stage, topic and reason instead.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@options_of(KafkaSettings)
def list_command(selection: Selection, limit: int, *, summary: bool, as_json: bool, **flags: str | None) -> None:
    """List dead letters: where they stand, when and why they died, and where they came from."""
    with _reader(settings_from(KafkaSettings, flags)) as reader:
        letters = _watched(filter(selection.takes, reader.letters(since=selection.since)))
        found = Summary(letters) if summary else Listing.newest(letters, limit)
    click.echo(found.as_json if as_json else found.table, nl=not as_json)


@dlq_command.command("show")
@click.argument("position", type=POSITION, metavar="PARTITION:OFFSET")
@click.option("--raw", is_flag=True, help="The value's bytes as they are and nothing else; secrets are not masked.")
@options_of(KafkaSettings)
def show_command(position: Position, *, raw: bool, **flags: str | None) -> None:
    """Show one dead letter: its headers, the reason, and what can be read of its value, secrets masked."""
    settings = settings_from(KafkaSettings, flags)
    with _reader(settings) as reader:
        letter = reader.letter(position)
    if letter is None:
        raise click.ClickException(f"no dead letter at {position}; `netcopilot dlq list` tells where they stand")
    if raw:
        click.echo(letter.value or b"", nl=False)
        return
    url = settings.schema_registry_url
    try:
        click.echo(sheet(letter, open_registry(url.get_secret_value() if url else None)))
    except RegistryUnavailableError as error:
        raise click.ClickException(str(error)) from error


@dlq_command.command("replay")
@selecting
@on_terms
@click.option("--from", "start", type=POSITION, default=BEGINNING, metavar="P:O", help="Go on here.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="So many letters at most.")
@options_of(KafkaSettings)
def replay_command(selection: Selection, terms: Terms, start: Position, limit: int | None, **flags: str | None) -> None:
    """Send dead letters back to the topics they came from, as they were; a header counts how often.

    Letters that come while this runs are left alone. They stay in the dead-letter topic, so that the same command sends
    them again: what it prints last tells how to go on behind them.

    Exit code: 0 when the broker has every letter, 1 when some were refused, 75 when the broker failed, 130 after
    Ctrl-C.
    """
    settings = settings_from(KafkaSettings, flags)
    now = datetime.now(UTC)
    with _reader(settings) as reader:
        replay = Replay(Post(settings), terms, on_refusal=_tell_refusal)
        found = reader.letters(start, since=selection.since)
        letters = islice(filter(selection.before(now).takes, found), limit)
        code = _run(replay, _watched(letters))
    _tell(replay.tally, dry_run=terms.dry_run)
    completed = code == 0 or (code == _EXIT_REFUSED and not terms.stop_on_error)
    if completed and replay.tally.taken != limit:
        click.echo(f"all were looked at; of what dies from now on: --since {now:%Y-%m-%dT%H:%M:%SZ}")
    elif replay.tally.reached is not None:
        click.echo(f"go on with --from {replay.tally.reached}")
    sys.exit(code)


@contextmanager
def _reader(settings: KafkaSettings) -> Iterator[LetterReader]:
    try:
        with LetterReader(settings) as reader:
            yield reader
    except TransientError as error:
        failure = click.ClickException(str(error))
        failure.exit_code = os.EX_TEMPFAIL
        raise failure from error


def _watched(letters: Iterable[Letter]) -> Iterator[Letter]:
    """Return the letters; on a terminal, count them as they pass."""
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} dead letters"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("letters", total=None)
        for letter in letters:
            yield letter
            bar.advance(task)


def _run(replay: Replay, letters: Iterable[Letter]) -> int:
    """Run a replay to its end and return the exit code that tells of it."""
    try:
        replay.run(letters)
    except KeyboardInterrupt:
        return _EXIT_INTERRUPTED
    except DataError as error:
        click.echo(str(error), err=True)
        return _EXIT_REFUSED
    except TransientError as error:
        click.echo(str(error), err=True)
        return os.EX_TEMPFAIL
    return _EXIT_REFUSED if replay.tally.refused else 0


def _tell_refusal(letter: Letter, reason: str) -> None:
    click.echo(f"{letter.position} refused: {reason}", err=True)


def _tell(tally: Tally, *, dry_run: bool) -> None:
    verb = "would be sent" if dry_run else "sent"
    for topic, count in sorted(tally.sent.items()):
        click.echo(f"{count:12,}  {verb} to {topic}")
    for count, what in ((tally.refused, "refused"), (tally.repeated, "passed over: sent with another letter")):
        if count:
            click.echo(f"{count:12,}  {what}")
    if not tally.taken:
        click.echo("no dead letter fits")
