"""Results and errors as HTTP responses with ClickHouse's headers."""

from collections.abc import Iterator
from typing import IO

from starlette.responses import Response, StreamingResponse

from cli.stack.clickhouse.delivery import Reply
from cli.stack.clickhouse.errors import ClickHouseError
from cli.stack.clickhouse.summary import Summary

_PIECE = 1 << 18
_CONTENT_TYPES = {
    "TabSeparated": "text/tab-separated-values; charset=UTF-8",
    "TSV": "text/tab-separated-values; charset=UTF-8",
    "CSV": "text/csv; charset=UTF-8",
    "JSON": "application/json; charset=UTF-8",
    "JSONCompact": "application/json; charset=UTF-8",
    "JSONEachRow": "application/x-ndjson; charset=UTF-8",
    "Native": "application/octet-stream",
    "RowBinary": "application/octet-stream",
    "Parquet": "application/octet-stream",
}


def result_headers(query_id: str, result_format: str | None, encoding: str, summary: Summary) -> dict[str, str]:
    """Return the headers of a result; without a format, of a statement that has none."""
    headers = {**_common(query_id), "X-ClickHouse-Summary": summary.header()}
    if result_format:
        headers["X-ClickHouse-Format"] = result_format
        headers["Content-Type"] = _CONTENT_TYPES.get(result_format, "text/plain; charset=UTF-8")
        if encoding:
            headers["Content-Encoding"] = encoding
    return headers


def reply_response(reply: Reply, query_id: str, encoding: str) -> Response:
    """Return a result that is known to its end."""
    headers = result_headers(query_id, reply.result_format, encoding, reply.summary)
    if reply.size <= _PIECE:
        with reply.body:
            return Response(reply.body.read(), headers=headers)
    return StreamingResponse(_pieces(reply.body), headers={**headers, "Content-Length": str(reply.size)})


def error_response(error: ClickHouseError, query_id: str) -> Response:
    """Return an error as ClickHouse tells it."""
    headers = {**_common(query_id), "X-ClickHouse-Exception-Code": str(error.code)}
    return Response(f"{error}\n", status_code=error.status, headers=headers, media_type="text/plain")


def _common(query_id: str) -> dict[str, str]:
    return {
        "X-ClickHouse-Query-Id": query_id,
        "X-ClickHouse-Timezone": "UTC",
        "X-ClickHouse-Server-Display-Name": "netcopilot",
    }


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    with body:
        while piece := body.read(_PIECE):
            yield piece
