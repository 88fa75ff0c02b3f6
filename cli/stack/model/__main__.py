"""`python -m cli.stack.model`: a small language model behind an OpenAI-compatible endpoint."""

from typing import TypedDict, Unpack

import click

from cli.stack.model.server import ModelServerOptions, serve
from cli.stack.model.weights import weights
from runtime import lifecycle
from runtime.log import configure_logging
from runtime.settings import ProcessSettings

_EXAMPLES = """\b
Try it:
  python -m cli.stack.model --port 8081 &
  curl http://127.0.0.1:8081/v1/models
"""


class Flags(TypedDict):
    """The command's options as click hands them over."""

    host: str
    port: int
    context: int
    threads: int


@click.command(epilog=_EXAMPLES, context_settings={"show_default": True})
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=8081, type=click.IntRange(1, 65535), help="Port of the OpenAI-compatible endpoint.")
@click.option("--context", default=4096, type=click.IntRange(512), help="Tokens of prompt and answer together.")
@click.option(
    "--threads", default=1, type=click.IntRange(1, 64), help="Threads that compute; more than idle cores slow it down."
)
def main(**flags: Unpack[Flags]) -> None:
    """Serve SmolLM2 (135 M parameters) by llama.cpp: a demonstration that needs no network, no key and no GPU.

    SIGTERM ends it with exit code 0.
    """
    configure_logging(ProcessSettings(), process="model")
    lifecycle.run(lambda: serve(ModelServerOptions(weights=weights(), **flags)))


if __name__ == "__main__":
    main()
