"""`python -m cli.stack.clickhouse`: an embedded ClickHouse server for one machine."""

import os
from pathlib import Path
from typing import TypedDict, Unpack

import click

from cli.stack.clickhouse.credentials import Credentials
from cli.stack.clickhouse.server import ServerOptions, serve
from runtime import lifecycle
from runtime.log import configure_logging
from runtime.settings import ProcessSettings

_GIB = 1 << 30
_EXAMPLES = """\b
Try it:
  python -m cli.stack.clickhouse --data-dir /tmp/ch &
  curl 'http://127.0.0.1:8123/?query=SELECT+version()'
"""


class Flags(TypedDict):
    """The command's options as click hands them over."""

    host: str
    port: int
    data_dir: Path
    memory_limit: int
    threads: int
    queue: int
    drain: int
    user: str
    password_env: str | None


@click.command(epilog=_EXAMPLES, context_settings={"show_default": True})
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=8123, type=click.IntRange(1, 65535), help="Port of ClickHouse's HTTP interface.")
@click.option(
    "--data-dir",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that keeps the tables; made if missing, owned by one process at a time.",
)
@click.option(
    "--memory-limit",
    default=_GIB,
    type=click.IntRange(min=_GIB // 2),
    help="Bytes that queries, merges and caches may take together; a query beyond it fails with code 241.",
)
@click.option("--threads", default=8, type=click.IntRange(1, 256), help="Queries that run at once.")
@click.option("--queue", default=64, type=click.IntRange(0), help="Queries that may wait; more are refused (503).")
@click.option("--drain", default=8, type=click.IntRange(0), help="Seconds that queries may go on after SIGTERM.")
@click.option("--user", default="default", help="The one user that may query.")
@click.option("--password-env", metavar="VAR", help="Environment variable with the user's password; default: none.")
def main(**flags: Unpack[Flags]) -> None:
    """Serve ClickHouse's HTTP protocol from one process, with the engine inside it (chDB).

    Any ClickHouse HTTP client works, for example clickhouse_connect.get_client(host="127.0.0.1", port=8123).
    SIGTERM lets running queries end, kills those that outlast --drain, and exits with 0.

    Each request is a session of its own: SET, USE and temporary tables end with it, whatever session_id says.
    Send settings with the query.
    """
    options = ServerOptions(
        host=flags["host"],
        port=flags["port"],
        data_dir=flags["data_dir"],
        memory_limit=flags["memory_limit"],
        threads=flags["threads"],
        queue=flags["queue"],
        drain_seconds=flags["drain"],
        credentials=Credentials(flags["user"], _password(flags["password_env"])),
    )
    configure_logging(ProcessSettings(), process="clickhouse")
    lifecycle.run(lambda: serve(options))


def _password(variable: str | None) -> str:
    if variable is None:
        return ""
    password = os.environ.get(variable, "")
    if not password:
        raise click.BadParameter(f"the environment variable {variable} is empty", param_hint="--password-env")
    return password


if __name__ == "__main__":
    main()
