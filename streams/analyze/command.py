"""`netcopilot analyze`: say what an output means, here and now."""

import json
import os
import platform
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO, TypedDict, Unpack, get_args

import click

from runtime.errors import NetcopilotError
from runtime.options import settings_from
from schemas.event import ExecutionStatus
from schemas.execution_fields import status_of
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.analysis.thresholds import ThresholdBook
from streams.analyze.jsonl import respond_to_lines
from streams.analyze.report import report, report_of_words
from streams.analyze.request import Request, RequestReader, redacted
from streams.analyze.session import Session
from streams.analyze.settings import AnalyzeSettings
from streams.analyze.words import Speaker

_WHICH_MODEL = "NETCOPILOT_LLM_BASE_URL and NETCOPILOT_LLM_MODEL say which model is asked; the analysis stands without."


class _Options(TypedDict):
    file: str
    command: str | None
    os_type: str
    exit_code: int | None
    status: str | None
    tenant: str | None
    as_json: bool
    jsonl: bool
    llm: bool
    fail_on: str | None


@click.command("analyze", short_help="Say what an output means; needs no service.")
@click.argument("file", default="-")
@click.option("--command", metavar="LINE", help="The command line that wrote the output.")
@click.option("--os-type", default=platform.system().lower(), show_default=True, help="Of the system it ran on.")
@click.option("--exit-code", type=int, metavar="N", help="The exit code, where it is known.")
@click.option("--status", type=click.Choice(get_args(ExecutionStatus)), help="How it ended; default by the exit code.")
@click.option("--tenant", metavar="ID", help="Tenant of outputs that name none; default NETCOPILOT_TENANT_ID.")
@click.option("--json", "as_json", is_flag=True, help="Print the analysis as a JSON object.")
@click.option("--jsonl", is_flag=True, help="Read one JSON object a line, write one a line, in order.")
@click.option("--llm", is_flag=True, help="Have a model explain it: NETCOPILOT_LLM_BASE_URL's, else the local one.")
@click.option("--fail-on", type=click.Choice(["warning", "critical"]), help="Exit code 1 at this verdict or worse.")
def analyze_command(**options: Unpack[_Options]) -> None:
    """Analyse the output in FILE, or that comes in on standard input.

    For example: ping -c4 192.0.2.1 | netcopilot analyze --command "ping -c4 192.0.2.1"

    No service has to run. Secrets are masked first. With --jsonl each line holds `os_type`, `command` and `output`, and
    `exit_code`, `status`, `tenant_id`, `deadline_ms` where they matter; a line that is none gets an `error` in its
    answer's place, and the exit code is 1 at the end. What a model says with --llm may be wrong and changes no verdict.
    """
    settings = settings_from(AnalyzeSettings, {})
    tenant = options["tenant"] or settings.tenant_id
    engine = Engine(settings.parse_deadline_seconds, ThresholdBook.from_json(settings.thresholds))
    with _input(options["file"]) as source, _speaker(settings, wanted=options["llm"]) as speaker:
        session = Session(engine, fail_on=options["fail_on"], speaker=speaker)
        good = True
        if options["jsonl"]:
            good = respond_to_lines(source, sys.stdout.buffer, RequestReader(tenant=tenant), session.respond)
        elif options["as_json"]:
            click.echo(json.dumps(session.respond(_request(options, tenant, source)), indent=2))
        else:
            _print(session, speaker, _request(options, tenant, source))
    sys.exit(0 if good and not session.failed else 1)


def _speaker(settings: AnalyzeSettings, *, wanted: bool) -> AbstractContextManager[Speaker | None]:
    if not wanted:
        return nullcontext(None)
    from streams.analyze.explaining import Explaining  # noqa: PLC0415 - what only a model needs takes long to import

    return Explaining(settings)


def _print(session: Session, speaker: Speaker | None, request: Request) -> None:
    """Print the report, and after it what the model says of it."""
    analysis = session.analyze(request)
    color = False if os.environ.get("NO_COLOR") else None
    click.echo(report(request.execution, analysis), color=color)
    if speaker is None:
        return
    try:
        words = speaker.words(request.execution, analysis)
    except NetcopilotError as error:
        raise click.ClickException(f"no explanation: {error}. {_WHICH_MODEL}") from error
    click.echo("\n" + report_of_words(words), color=color)


def _input(file: str) -> AbstractContextManager[BinaryIO]:
    if file != "-":
        try:
            return Path(file).open("rb")
        except OSError as error:
            raise click.ClickException(f"cannot read {file}: {error.strerror or error}") from error
    if sys.stdin.isatty():
        raise click.UsageError("nothing to analyse: pipe an output in, or name a file")
    return nullcontext(sys.stdin.buffer)


def _request(options: _Options, tenant: str, source: BinaryIO) -> Request:
    if options["command"] is None:
        raise click.UsageError("which command line wrote the output? Name it with --command")
    execution = Execution(
        tenant_id=tenant,
        os_type=options["os_type"],
        command=options["command"],
        status=options["status"] or status_of(options["exit_code"]),
        exit_code=options["exit_code"],
        output=source.read().decode("utf-8", "replace"),
    )
    return Request(redacted(execution), deadline=None)
