"""The API's own description: OpenAPI, and Swagger UI from the installed package's files."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from swagger_ui_bundle import swagger_ui_path

from api.errors import not_found

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Swagger UI sets style attributes; scripts stay our own."""

_FILES = frozenset({"swagger-ui.css", "index.css", "favicon-16x16.png", "favicon-32x32.png", "swagger-ui-bundle.js"})

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>netcopilot API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/index.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png" sizes="32x32">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/initializer.js"></script>
</body>
</html>
"""

_INITIALIZER = """"use strict";
// This release of Swagger UI knows OpenAPI 3.0; what the document uses of 3.1 it shows all the same.
fetch("/openapi.json").then((answer) => answer.json()).then((document) => {
  SwaggerUIBundle({
    spec: { ...document, openapi: "3.0.3" },
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
  });
});
"""


async def get_docs(_request: Request) -> Response:
    """Return the documentation page."""
    return Response(_PAGE, media_type="text/html", headers={"Content-Security-Policy": _POLICY})


async def get_initializer(_request: Request) -> Response:
    """Return the script that shows the document."""
    return Response(_INITIALIZER, media_type="text/javascript")


async def get_file(request: Request) -> Response:
    """Return one of Swagger UI's files."""
    name = request.path_params["name"]
    if name not in _FILES:
        raise not_found("no such file of the documentation page")
    return FileResponse(swagger_ui_path / name, headers={"Cache-Control": "public, max-age=86400"})


async def get_docs_slash(_request: Request) -> Response:
    """Send /docs/ to the page."""
    return RedirectResponse("/docs")


def documentation_routes(document: dict[str, Any]) -> list[BaseRoute]:
    """Return the routes that serve the document and its page."""

    async def get_openapi(_request: Request) -> Response:
        return JSONResponse(document)

    pages: tuple[tuple[str, Callable[[Request], Awaitable[Response]]], ...] = (
        ("/openapi.json", get_openapi),
        ("/docs", get_docs),
        ("/docs/", get_docs_slash),
        ("/docs/initializer.js", get_initializer),
        ("/docs/{name}", get_file),
    )
    return [Route(path, endpoint, methods=["GET"]) for path, endpoint in pages]
