"""The HTTP interface: `/` for queries, `/ping` for readiness."""

from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from cli.stack.clickhouse.body import Body
from cli.stack.clickhouse.credentials import Credentials
from cli.stack.clickhouse.errors import BAD_ARGUMENTS, ClickHouseError, server_error
from cli.stack.clickhouse.form import is_form, read_form
from cli.stack.clickhouse.request import QueryRequest, read_request
from cli.stack.clickhouse.responses import error_response
from cli.stack.clickhouse.service import QueryService

_LARGEST_FORM = 1 << 26
_OK = "Ok.\n"


def create_app(service: QueryService, credentials: Credentials) -> Starlette:
    """Return the application in front of `service`, open to whoever has `credentials`."""

    async def query(http: Request) -> Response:
        query_id = http.query_params.get("query_id", "")
        try:
            credentials.check(http.query_params, http.headers)
            if http.method != "POST" and "query" not in http.query_params:
                return PlainTextResponse(_OK)
            body = await Body().receive(http.stream())
            request = _from_form(http, body) if is_form(_content_type(http)) else _from_url(http)
            query_id = request.query_id
            return await service.answer(request, body, lambda: _gone(http))
        except ClickHouseError as error:
            return error_response(error, query_id)
        except ClientDisconnect:  # within its request: nothing was run, nobody reads the answer
            return Response(status_code=400)

    return Starlette(
        routes=[
            Route("/", query, methods=["GET", "POST"]),
            Route("/ping", _ping),
        ]
    )


async def _ping(_http: Request) -> Response:
    return PlainTextResponse(_OK)


def _from_url(http: Request) -> QueryRequest:
    return read_request(http.query_params, http.headers, method=http.method)


def _from_form(http: Request, body: Body) -> QueryRequest:
    content = b"".join(body.pieces())
    if len(content) > _LARGEST_FORM:
        message = f"A multipart form may have {_LARGEST_FORM} bytes: insert larger tables first."
        raise server_error(BAD_ARGUMENTS, "BAD_ARGUMENTS", message)
    form = read_form(content, _content_type(http))
    parameters: Mapping[str, str] = {**http.query_params, **form.fields}
    return read_request(parameters, http.headers, method=http.method, external=form.external(parameters))


def _content_type(http: Request) -> str:
    return http.headers.get("content-type", "")


async def _gone(http: Request) -> None:
    while (await http.receive())["type"] != "http.disconnect":
        pass
