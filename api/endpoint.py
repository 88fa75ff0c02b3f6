"""An endpoint as one value, from which its route and its documentation are made."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.parameters import Parameters

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A documented answer."""

    description: str
    model: type[BaseModel] | None = None
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathParameter:
    """A place in an endpoint's path."""

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method of one path."""

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    tag: str
    summary: str
    """What it is for, in a few words; the handler's docstring says the rest."""
    answers: Mapping[int, Answer]
    query: type[Parameters] | None = None
    path_parameters: tuple[PathParameter, ...] = ()
    header_parameters: tuple[PathParameter, ...] = ()
    body: tuple[type[BaseModel], ...] = ()
    """Models of the body's object, any of them."""
    items: tuple[type[BaseModel], ...] = ()
    """Models of which the body may be an array instead."""
    errors: Mapping[int, str] = field(default_factory=dict)
    """Answers in the shape of `ErrorEnvelope`, with when they come."""


def routes(endpoints: Iterable[Endpoint]) -> list[Route]:
    """Return one route for each path, so that a wrong method's answer names all methods the path takes."""
    paths: dict[str, dict[str, Handler]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method] = endpoint.handler
    return [Route(path, _dispatch(handlers), methods=list(handlers)) for path, handlers in paths.items()]


def _dispatch(handlers: Mapping[str, Handler]) -> Handler:
    if len(handlers) == 1:
        return next(iter(handlers.values()))

    async def dispatch(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return dispatch
