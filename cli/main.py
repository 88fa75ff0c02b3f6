"""The `netcopilot` command."""

import os
from pathlib import Path

import click

from cli.lazy import LazyCommand, LazyGroup
from cli.stack.addresses import adopt

_HELP = """Carry command executions from devices to history, live views and analyses.

\b
Start everything on this machine:      netcopilot up
Run a command and record it:           netcopilot exec -- ping -c 3 127.0.0.1
Record a list of commands for ever:    netcopilot agent --watch watchlist.yml
Ask what an output means:              ping -c 3 192.0.2.1 | netcopilot analyze --command "ping -c 3 192.0.2.1"
Load recorded executions:              zcat runs.jsonl.gz | netcopilot produce --jsonl -

Every option is also a setting (NETCOPILOT_*), in the environment or in a file `.env`; `netcopilot settings` lists
them. A stack that `netcopilot up` runs from the same folder is found by itself. `netcopilot COMMAND --help` tells
more.
"""

_COMMANDS = {
    "up": LazyCommand("cli.up:up_command", "Start the whole platform on this machine; Ctrl-C stops it."),
    "exec": LazyCommand("producers.commands.exec:exec_command", "Run one command unchanged and record it."),
    "agent": LazyCommand("producers.commands.agent:agent_command", "Run a watchlist of commands again and again."),
    "produce": LazyCommand("producers.commands.produce:produce_command", "Publish recorded executions (JSON lines)."),
    "analyze": LazyCommand("streams.analyze.command:analyze_command", "Say what an output means; needs no service."),
    "worker": LazyCommand("streams.main:worker_command", "Analyse executions: one process of the stream."),
    "explainer": LazyCommand(
        "streams.explanation.main:explainer_command", "Have a language model explain what was found."
    ),
    "sink": LazyCommand("sinks.main:sink_command", "Write analysed executions to ClickHouse."),
    "api": LazyCommand("api.main:api_command", "Serve the HTTP API and the dashboard."),
    "migrate": LazyCommand("sinks.main:migrate_command", "Bring ClickHouse's tables to this release."),
    "topics": LazyCommand("cli.topics:topics_command", "Create and list the platform's topics."),
    "schemas": LazyCommand("cli.schemas:schemas_command", "List, show, check and register the event schemas."),
    "dlq": LazyCommand("sinks.dlq.command:dlq_command", "Look at dead letters, and send them again."),
    "verify": LazyCommand("sinks.verification.command:verify_command", "Name every event that is lost or there twice."),
    "replay": LazyCommand("streams.replay.command:replay_command", "Analyse history again with the rules of today."),
    "cache": LazyCommand("cli.cache:cache_command", "Show and empty the caches of analyses."),
    "reference": LazyCommand("cli.reference:reference_command", "Write the documentation's reference pages."),
    "settings": LazyCommand("cli.settings:settings_command", "Show every setting, its default and its meaning."),
}


def _find_local_stack() -> None:
    adopt(Path(os.environ.get("NETCOPILOT_UP_DATA_DIR", "data")) / "netcopilot.env")


main = click.version_option(package_name="netcopilot")(
    LazyGroup(name="netcopilot", help_text=_HELP, before=_find_local_stack, lazy=_COMMANDS)
)

if __name__ == "__main__":
    main()
