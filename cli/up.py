"""`netcopilot up`: the whole platform on this machine."""

import asyncio

import click

from cli.stack.console import Console
from cli.stack.settings import UpSettings
from cli.stack.stack import LocalStack
from cli.stack.supervisor import GaveUpError
from runtime.options import options_of, settings_from


@click.command(name="up")
@options_of(UpSettings)
def up_command(**flags: str | None) -> None:
    """Start the whole platform on this machine and keep it running.

    A Kafka-protocol broker, Valkey and ClickHouse, then the sink, the worker, the API with the dashboard, an agent
    that runs a watchlist of harmless commands on this host, and a model that explains what was found. Ctrl-C stops
    everything once all events are stored; a second Ctrl-C kills it at once. History stays in the data folder.
    """
    stack = LocalStack(settings_from(UpSettings, flags), Console())
    try:
        asyncio.run(stack.run())
    except GaveUpError as error:
        raise click.ClickException(f"{error}\nEverything else was stopped.") from error
