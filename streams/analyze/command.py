"""`netcopilot analyze`: say what an output means, here and now."""

import json
import os
import platform
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO, TypedDict, Unpack, get_args

import click

from runtime.options import settings_from
from schemas.event import ExecutionStatus
from streams.analysis.analysis import Analysis
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.analysis.finding import Severity
from streams.analysis.thresholds import ThresholdBook
from streams.analyze.answer import Json, answer_of
from streams.analyze.jsonl import respond_to_lines
from streams.analyze.report import report
from streams.analyze.request import Request, RequestReader, redacted, status_of
from streams.analyze.settings import AnalyzeSettings

_SEVERITIES = {severity.symbol: severity for severity in Severity}


class _Options(TypedDict):
    file: str
    command: str | None
    os_type: str
    exit_code: int | None
    status: str | None
    tenant: str | None
    as_json: bool
    jsonl: bool
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
@click.option("--fail-on", type=click.Choice(["warning", "critical"]), help="Exit code 1 at this verdict or worse.")
def analyze_command(**options: Unpack[_Options]) -> None:
    """Analyse the output in FILE, or that comes in on standard input.

    For example: ping -c4 192.0.2.1 | netcopilot analyze --command "ping -c4 192.0.2.1"

    No service has to run. Secrets are masked first. With --jsonl each line holds `os_type`, `command` and `output`, and
    `exit_code`, `status`, `tenant_id`, `deadline_ms` where they matter; a line that is none gets an `error` in its
    answer's place, and the exit code is 1 at the end.
    """
    settings = settings_from(AnalyzeSettings, {})
    tenant = options["tenant"] or settings.tenant_id
    session = _Session(_engine(settings), options["fail_on"])
    with _input(options["file"]) as source:
        if options["jsonl"]:
            good = respond_to_lines(source, sys.stdout.buffer, RequestReader(tenant=tenant), session.respond)
        else:
            good = True
            request = Request(redacted(_execution(options, tenant, source.read())), deadline=None)
            _show(request.execution, session.analyze(request), as_json=options["as_json"])
    sys.exit(1 if session.failed or not good else 0)


def _engine(settings: AnalyzeSettings) -> Engine:
    return Engine(settings.parse_deadline_seconds, ThresholdBook.from_json(settings.thresholds))


class _Session:
    """Analyses, and remembers whether a verdict was as bad as `--fail-on` names."""

    def __init__(self, engine: Engine, fail_on: str | None) -> None:
        self._engine = engine
        self._worst = _SEVERITIES[fail_on] if fail_on else None
        self.failed = False

    def analyze(self, request: Request) -> Analysis:
        analysis = self._engine.analyze(request.execution, deadline=request.deadline)
        severity = _SEVERITIES.get(analysis.verdict, Severity.OK)
        self.failed |= self._worst is not None and severity >= self._worst
        return analysis

    def respond(self, request: Request) -> Json:
        return answer_of(self.analyze(request))


def _input(file: str) -> AbstractContextManager[BinaryIO]:
    if file != "-":
        try:
            return Path(file).open("rb")
        except OSError as error:
            raise click.ClickException(f"cannot read {file}: {error.strerror or error}") from error
    if sys.stdin.isatty():
        raise click.UsageError("nothing to analyse: pipe an output in, or name a file")
    return nullcontext(sys.stdin.buffer)


def _execution(options: _Options, tenant: str, output: bytes) -> Execution:
    if options["command"] is None:
        raise click.UsageError("which command line wrote the output? Name it with --command")
    return Execution(
        tenant_id=tenant,
        os_type=options["os_type"],
        command=options["command"],
        status=options["status"] or status_of(options["exit_code"]),
        exit_code=options["exit_code"],
        output=output.decode("utf-8", "replace"),
    )


def _show(execution: Execution, analysis: Analysis, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer_of(analysis), indent=2))
    else:
        click.echo(report(execution, analysis), color=False if os.environ.get("NO_COLOR") else None)
