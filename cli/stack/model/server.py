"""llama.cpp's OpenAI-compatible server in this process, until told to stop."""

import os
from dataclasses import dataclass
from pathlib import Path

from xllamacpp import CommonParams, Server

from cli.stack.model.weights import MODEL_NAME
from runtime.errors import ConfigurationError
from runtime.lifecycle import Shutdown
from runtime.log import get_logger

log = get_logger(__name__)

_NICENESS = 10
"""Nobody waits for a demonstration model: every other process of the machine goes first."""
_REPEAT_PENALTY = 1.15
"""A model this small repeats itself without end otherwise."""


@dataclass(frozen=True, slots=True)
class ModelServerOptions:
    """Where to serve, and what the model may use: `context` in tokens, prompt and answer together."""

    host: str
    port: int
    weights: Path
    context: int
    threads: int


def serve(options: ModelServerOptions) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        ConfigurationError: the port is taken, or the weights cannot be read.

    """
    shutdown = Shutdown()
    shutdown.install()
    os.nice(_NICENESS)
    try:
        server = Server(_parameters(options))
    except RuntimeError as error:
        raise ConfigurationError(
            f"the model cannot be served on {options.host}:{options.port} ({error}); choose a free --port"
        ) from error
    log.info("serving", address=server.listening_address, model=MODEL_NAME)
    shutdown.wait()
    del server  # its destructor ends what is under way and joins the threads
    log.info("stopped")


def _parameters(options: ModelServerOptions) -> CommonParams:
    """Return llama.cpp's parameters; without Jinja an answer cut at its token limit is an answer, not an error."""
    parameters = CommonParams()
    parameters.model.path = str(options.weights)
    parameters.model_alias = {MODEL_NAME}
    parameters.hostnames = [options.host]
    parameters.port = options.port
    parameters.n_ctx = options.context
    parameters.n_parallel = 1
    parameters.cache_ram_mib = 0
    parameters.cpuparams.n_threads = options.threads
    parameters.cpuparams_batch.n_threads = options.threads
    parameters.use_jinja = False
    parameters.ui = False
    parameters.endpoint_metrics = True
    parameters.sampling.penalty_repeat = _REPEAT_PENALTY
    parameters.sampling.penalty_last_n = 128
    return parameters
