"""`netcopilot verify`: is anything lost, or there twice."""

import json
import signal
import sys
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

import click
from rich.console import Console

from runtime.errors import NetcopilotError
from runtime.options import settings_from
from runtime.timeoption import TIME_POINT
from sinks.verification.presentation import show
from sinks.verification.report import Report
from sinks.verification.selection import Selection
from sinks.verification.settings import VerifySettings
from sinks.verification.verification import Verification

EXIT_FAULTS = 1
EXIT_UNCHECKED = 2
_EXIT_INTERRUPTED = 128 + signal.SIGINT


class _Options(TypedDict):
    tenant: str
    agent: str
    since: datetime | None
    until: datetime | None
    grace: float
    as_json: bool


@click.command("verify", short_help="Name every event that is lost or there twice.")
@click.option("--tenant", default="", metavar="ID", help="Only this tenant's events.")
@click.option("--agent", default="", metavar="ID", help="Only this agent's events.")
@click.option(
    "--since", type=TIME_POINT, metavar="TIME", help="Only events created since; RFC 3339, or like -15m, -7d."
)
@click.option("--until", type=TIME_POINT, metavar="TIME", help="Only events created before.")
@click.option(
    "--grace",
    type=click.FloatRange(min=0),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="A number missing before an event younger than this may still come.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def verify_command(**options: Unpack[_Options]) -> None:
    """Hold agents' sequence numbers, topics and tables against each other; name every gap and duplicate.

    Reads what the topics still hold and counts in ClickHouse, in a table of its own that is removed at the end. What is
    on its way is "not yet", what is in the dead letters is accounted for. Worker and sink may go on meanwhile.

    Exit code: 0 nothing is lost or there twice, 1 something is, 2 it could not be found out.
    """
    try:
        report = _verify(options)
    except NetcopilotError as error:
        failure = click.ClickException(f"not verified: {error}")
        failure.exit_code = EXIT_UNCHECKED
        raise failure from error
    except KeyboardInterrupt:
        sys.exit(_EXIT_INTERRUPTED)
    if options["as_json"]:
        click.echo(json.dumps(report.record()))
    else:
        show(report, Console())
    sys.exit(0 if report.clean else EXIT_FAULTS)


def _verify(options: _Options) -> Report:
    selection = Selection(options["tenant"], options["agent"], options["since"], options["until"])
    grace = timedelta(seconds=options["grace"])
    with Console(stderr=True).status("connecting") as status:
        return Verification(settings_from(VerifySettings, {}), selection, grace=grace, tell=status.update).run()
