"""A request of ClickHouse's HTTP interface, taken apart.

Source: https://clickhouse.com/docs/interfaces/http. Parameters come from the URL and, in a multipart form, from its
plain fields; every parameter that the interface does not claim for itself is a setting of the engine.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from cli.stack.clickhouse.compression import negotiate
from cli.stack.clickhouse.errors import NOT_IMPLEMENTED, server_error

_PARAM = "param_"
# Claimed by the interface, or by the server's way of answering: none of them changes what the engine does.
_INTERFACE = frozenset(
    {
        "query",
        "query_id",
        "database",
        "default_format",
        "user",
        "password",
        "quota_key",
        "role",
        "session_id",
        "session_timeout",
        "session_check",
        "close_session",
        "compress",
        "decompress",
        "buffer_size",
        "wait_end_of_query",
        "stacktrace",
        "client_protocol_version",
        "enable_http_compression",
        "send_progress_in_http_headers",
        "http_headers_progress_interval_ms",
        "cancel_http_readonly_queries_on_client_close",
    }
)


@dataclass(frozen=True, slots=True)
class ExternalTable:
    """Rows that travel with a query and are a temporary table in it."""

    name: str
    structure: str
    """Columns as in CREATE TABLE: `id UInt64, name String`."""
    format: str
    data: bytes


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """What to run, under which session state, and how to answer."""

    query: str
    """The statement, or its beginning: the body follows it after a line feed."""
    query_id: str
    database: str
    default_format: str
    settings: Mapping[str, str]
    parameters: Mapping[str, str]
    content_encoding: str
    accept_encoding: str
    wait_end_of_query: bool
    """Answer only when the query has ended, so that its end decides the status."""
    cancel_on_close: bool
    external: tuple[ExternalTable, ...] = field(default=())


def read_request(
    parameters: Mapping[str, str],
    headers: Mapping[str, str],
    *,
    method: str,
    external: tuple[ExternalTable, ...] = (),
) -> QueryRequest:
    """Sort parameters (URL and form) and headers (lower-case names) into a request.

    Raises:
        ClickHouseError: the request asks for what this server does not speak.

    """
    if _flag(parameters, "compress") or _flag(parameters, "decompress"):
        raise server_error(
            NOT_IMPLEMENTED,
            "NOT_IMPLEMENTED",
            "The compress and decompress parameters are not supported: use Content-Encoding and Accept-Encoding.",
        )
    settings = {
        name: value
        for name, value in parameters.items()
        if name not in _INTERFACE and not name.startswith(_PARAM) and not _describes_external(name, external)
    }
    if method == "GET":
        settings["readonly"] = "2"  # as ClickHouse does: what changes data comes by POST
    return QueryRequest(
        query=parameters.get("query", ""),
        query_id=parameters.get("query_id") or str(uuid.uuid4()),
        database=parameters.get("database") or headers.get("x-clickhouse-database", ""),
        default_format=parameters.get("default_format") or headers.get("x-clickhouse-format") or "TabSeparated",
        settings=settings,
        parameters={name[len(_PARAM) :]: value for name, value in parameters.items() if name.startswith(_PARAM)},
        content_encoding=headers.get("content-encoding", "").strip().lower(),
        accept_encoding=_accepted(parameters, headers),
        wait_end_of_query=_flag(parameters, "wait_end_of_query"),
        cancel_on_close=_flag(parameters, "cancel_http_readonly_queries_on_client_close"),
        external=external,
    )


def _accepted(parameters: Mapping[str, str], headers: Mapping[str, str]) -> str:
    return negotiate(headers.get("accept-encoding", "")) if _flag(parameters, "enable_http_compression") else ""


def _describes_external(name: str, external: tuple[ExternalTable, ...]) -> bool:
    return any(name in {f"{table.name}_{what}" for what in ("format", "structure", "types")} for table in external)


def _flag(parameters: Mapping[str, str], name: str) -> bool:
    return parameters.get(name, "0").lower() not in {"0", "false", ""}
