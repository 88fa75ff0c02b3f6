"""`netcopilot api`: the process that serves HTTP."""

import logging

import click

from api.app import create_app
from api.server import serve
from api.settings import ApiSettings
from runtime import lifecycle
from runtime.log import configure_logging
from runtime.options import options_of, settings_from
from schemas.topics import ANALYZED, EXECUTED


@click.command("api")
@options_of(ApiSettings)
def api_command(**flags: str | None) -> None:
    """Serve the HTTP API and the dashboard.

    The documentation of the running API is at /docs.
    """
    settings = settings_from(ApiSettings, flags)
    configure_logging(settings, process="api")
    # Its warnings are a traceback for every connection that fails; /readyz and the log lines of requests say as much.
    logging.getLogger("clickhouse_connect").setLevel(logging.ERROR)
    prefix = settings.kafka_topic_prefix
    app = create_app(settings, executed_topic=EXECUTED.named(prefix), analyzed_topic=ANALYZED.named(prefix))
    lifecycle.run(lambda: serve(app, settings))
