"""Structured logs on standard error: one JSON object a line, or readable text for people."""

import logging
import sys

import structlog

from runtime.settings import ProcessSettings

_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

_PLAIN_TRACEBACKS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
"""Local variables hold commands, outputs and passwords: none of them belongs in a log."""


def configure_logging(settings: ProcessSettings, *, process: str) -> None:
    """Send everything, the libraries' logs included, through one formatter; every line names the process."""
    renderer: list[structlog.typing.Processor] = (
        [structlog.processors.ExceptionRenderer(_PLAIN_TRACEBACKS), structlog.processors.JSONRenderer()]
        if settings.log_format == "json"
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(process=process)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger; give it an event name and key-value pairs: `log.info("block_inserted", rows=10)`."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
