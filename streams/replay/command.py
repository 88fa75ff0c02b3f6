"""`netcopilot replay`: history analysed again, with the rules of today."""

import asyncio
import json
import os
import signal
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, TypedDict, Unpack

import click

from runtime.errors import TransientError
from runtime.lifecycle import Shutdown
from runtime.log import configure_logging
from runtime.options import settings_from
from streams.analysis.rules.catalogue import RULES_VERSION
from streams.analysis.thresholds import ThresholdBook
from streams.caching.version import cache_version
from streams.replay.assembly import assembled
from streams.replay.bound import BOUND, Bound
from streams.replay.journal import Entry, Journal
from streams.replay.progress import progress
from streams.replay.replay import Replay
from streams.replay.report import Report
from streams.replay.scope import Origin, Scope
from streams.replay.settings import ReplaySettings
from streams.replay.tally import Tally

_EXIT_UNREADABLE: Final = 1
_EXIT_INTERRUPTED: Final = 128 + signal.SIGINT
_HELP: Final = """Analyse history again with the rules of today; rows and statistics follow the new analyses.

\b
What would change in the last week:          netcopilot replay --from -7d --dry-run
Analyse it again:                            netcopilot replay --from -7d
One device, as far back as ClickHouse goes:  netcopilot replay --from -400d --source clickhouse --device r1
From a place in Kafka on, partition 0 only:  netcopilot replay --from 0:1200 --to 0:1900
Go on after Ctrl-C or a crash:               netcopilot replay --resume ID

Live events do not wait for it: it is a process of its own, reads without a consumer group, and what it publishes is
marked as history, so that the live views stay silent. Whatever is done twice counts once.

Exit code: 0 all is done, 1 all but messages that cannot be read, 75 a service does not answer, 130 after Ctrl-C.
"""


class _Options(TypedDict):
    begin: Bound | None
    end: Bound | None
    source: str
    tenant: str
    device: str
    os_type: str
    command: str
    only_changed: bool
    explain: bool
    dry_run: bool
    rate: float | None
    resume: str | None
    restart: bool
    as_json: bool


@click.command("replay", short_help="Analyse history again with the rules of today.", help=_HELP)
@click.option("--from", "begin", type=BOUND, metavar="TIME|OFFSETS", help="Created then or later, or P:O,P:O.")
@click.option("--to", "end", type=BOUND, metavar="TIME|OFFSETS", help="Before this; default: all there is now.")
@click.option(
    "--source", type=click.Choice([o.value for o in Origin]), default="kafka", show_default=True, help="Where to read."
)
@click.option("--tenant", default="", metavar="ID", help="Only this tenant's executions.")
@click.option("--device", default="", metavar="ID", help="Only this device's.")
@click.option("--os-type", default="", metavar="NAME", help="Only systems of this type.")
@click.option("--command", default="", metavar="TEXT", help="Only commands that begin so.")
@click.option(
    "--only-changed/--all",
    default=True,
    help="Publish what differs from its row [default], or everything, without a look at ClickHouse.",
)
@click.option("--explain", is_flag=True, help="Ask for explanations of what has none.")
@click.option("--dry-run", is_flag=True, help="Publish nothing; count what would change.")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), metavar="N", help="Executions a second at most.")
@click.option("--resume", metavar="ID", help="Go on with a replay that was interrupted.")
@click.option("--restart", is_flag=True, help="Begin anew what was interrupted.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def replay_command(**options: Unpack[_Options]) -> None:
    """Run a replay; see _HELP."""
    settings = settings_from(ReplaySettings, {})
    configure_logging(settings, process="replay")
    journal = Journal(settings.replay_dir)
    entry = _entry(journal, options, _rules(settings))
    shutdown = Shutdown()
    shutdown.install()
    with nullcontext() if options["dry_run"] else journal.held(entry.scope.name):
        session = _Session(settings, journal, shutdown, dry_run=options["dry_run"], rate=options["rate"])
        code = session.run(entry, as_json=options["as_json"])
    sys.exit(code)


def _rules(settings: ReplaySettings) -> str:
    return cache_version(ThresholdBook.from_json(settings.thresholds))


def _entry(journal: Journal, options: _Options, rules: str) -> Entry:
    """Return where to begin: what was interrupted, where that is wanted."""
    if options["resume"] is not None:
        return _resumed(journal, options["resume"], rules)
    if options["begin"] is None:
        raise click.UsageError("from where on? Name a time or offsets with --from, or go on with --resume ID")
    scope = Scope(
        origin=Origin(options["source"]),
        begin=options["begin"],
        end=options["end"],
        begun_at=datetime.now(UTC),
        tenant=options["tenant"],
        device=options["device"],
        os_type=options["os_type"],
        command=options["command"],
        everything=not options["only_changed"],
        explain=options["explain"],
    )
    if not options["dry_run"]:
        _tell_of_earlier(journal.read(scope.name), rules, restart=options["restart"])
    return Entry(scope, rules, "", Tally())


def _resumed(journal: Journal, name: str, rules: str) -> Entry:
    entry = journal.read(name) if name.isalnum() else None
    if entry is None:
        raise click.UsageError(f"no replay {name} was begun here (NETCOPILOT_REPLAY_DIR says where that is noted)")
    if entry.finished_at is not None:
        raise click.UsageError(f"replay {name} finished at {entry.finished_at:%Y-%m-%d %H:%M:%SZ}")
    if entry.rules != rules:
        click.echo("the rules changed since: what was done before has the older analyses", err=True)
    return entry


def _tell_of_earlier(earlier: Entry | None, rules: str, *, restart: bool) -> None:
    if earlier is None:
        return
    name, done = earlier.scope.name, f"{earlier.tally.looked_at:,} executions"
    if earlier.finished_at is not None:
        same = "the same" if earlier.rules == rules else "other"
        moment = f"{earlier.finished_at:%Y-%m-%d %H:%M:%SZ}"
        click.echo(f"replay {name} did this at {moment} with {same} rules, {done}; again", err=True)
    elif not restart:
        raise click.UsageError(
            f"this was begun before and interrupted after {done}: go on with --resume {name}, or begin anew with "
            "--restart"
        )


class _Session:
    """One run of a replay."""

    def __init__(
        self, settings: ReplaySettings, journal: Journal, shutdown: Shutdown, *, dry_run: bool, rate: float | None
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._shutdown = shutdown
        self._dry_run = dry_run
        self._rate = rate
        self._last: Entry | None = None

    def run(self, entry: Entry, *, as_json: bool) -> int:
        """Run it to its end, tell of it, and return the exit code."""
        begun, code = time.monotonic(), os.EX_TEMPFAIL
        try:
            self._last = asyncio.run(self._replay(entry))
            code = self._code(self._last)
        except TransientError as error:
            click.echo(f"Error: {error}", err=True)
        last = self._last or entry
        report = Report(last, time.monotonic() - begun, RULES_VERSION, self._dry_run)
        click.echo(json.dumps(report.record()) if as_json else report.text)
        if last.finished_at is None and last.position and not self._dry_run:
            click.echo(f"go on with: netcopilot replay --resume {last.scope.name}", err=True)
        return code

    async def _replay(self, entry: Entry) -> Entry:
        scope = entry.scope
        async with assembled(self._settings, scope, dry_run=self._dry_run, rate=self._rate) as parts:
            entry = replace(entry, position=entry.position or parts.source.begin())
            done = entry.tally.looked_at
            with progress(scope.name, done=done, total=done + parts.source.remaining(entry.position)) as show:

                def keep(kept: Entry) -> None:
                    self._keep(kept)
                    show(kept.tally.looked_at)

                replay = Replay(parts, rate=self._rate, keep=keep, shutdown=self._shutdown)
                return await replay.run(entry)

    def _keep(self, entry: Entry) -> None:
        if not self._dry_run:
            self._journal.write(entry)
        self._last = entry

    @staticmethod
    def _code(entry: Entry) -> int:
        if entry.finished_at is None:
            return _EXIT_INTERRUPTED
        return _EXIT_UNREADABLE if entry.tally.unreadable else 0
