"""`netcopilot api`: the process that serves HTTP."""

import logging

import click

from api.app import create_app
from api.server import serve
from api.settings import ApiSettings
from runtime import lifecycle
from runtime.log import configure_logging


@click.command("api")
@click.option("--host", help="Address to listen on (NETCOPILOT_API_HOST).")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on (NETCOPILOT_API_PORT); 0: a free one.")
def api_command(host: str | None, port: int | None) -> None:
    """Serve the HTTP API and the dashboard.

    Settings are NETCOPILOT_* environment variables; `netcopilot settings api` lists them. The documentation of the
    running API is at /docs.
    """
    flags = {"api_host": host, "api_port": port}
    given = {name: value for name, value in flags.items() if value is not None}
    settings = ApiSettings().model_copy(update=given)
    configure_logging(settings, process="api")
    # Its warnings are a traceback for every connection that fails; /readyz and the log lines of requests say as much.
    logging.getLogger("clickhouse_connect").setLevel(logging.ERROR)
    lifecycle.run(lambda: serve(create_app(settings), settings))
